/** The admin has a sign-out of its own, after which the next person at the screen is another, too. */
import { forgetOnSignOut } from "skycrumbs/account.js";

forgetOnSignOut(document);
