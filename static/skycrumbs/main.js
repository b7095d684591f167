import { showName } from "skycrumbs/account.js";
import { followReading } from "skycrumbs/contents.js";
import { startReader } from "skycrumbs/reader.js";

showName(document);
followReading(document);
startReader(document);
