import { forgetOnSignOut, showName } from "skycrumbs/account.js";
import { startAges } from "skycrumbs/ages.js";
import { followReading } from "skycrumbs/contents.js";
import { startForm } from "skycrumbs/posting.js";
import { startReader } from "skycrumbs/reader.js";
import { startVotes } from "skycrumbs/votes.js";

showName(document);
followReading(document);
startReader(document);
startForm(document);
forgetOnSignOut(document);
startVotes(document);
startAges(document);
for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = !CSS.highlights;
