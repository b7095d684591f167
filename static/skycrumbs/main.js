import { showName } from "skycrumbs/account.js";
import { followReading } from "skycrumbs/contents.js";
import { startHighlights } from "skycrumbs/highlights.js";

showName(document);
followReading(document);
startHighlights(document);
