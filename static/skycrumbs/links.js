/** The address of a passage, to be pasted somewhere: copied, or shown where copying is refused. */
import { linkTo } from "skycrumbs/textlinks.js";

/** Whether the browser took `text` to the clipboard: it asks for a secure context, and its user may refuse. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {HTMLInputElement} field shown with the address selected, where it cannot be copied
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyLink(passage, field) {
  const url = linkTo(location.origin + location.pathname, passage);
  const isCopied = navigator.clipboard !== undefined && (await copy(url));
  field.hidden = isCopied;
  if (!isCopied) {
    field.value = url;
    field.focus();
    field.select();
  }
  return isCopied;
}
