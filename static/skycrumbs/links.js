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

/** Where a comment of some kind is written on a passage of the article whose text is in `root`. */
export function composeUrl(root, { start, end }, kind) {
  const { compose, revision } = root.dataset;
  return `${compose}?${new URLSearchParams({ kind, revision, start, end })}`;
}

/** Where a comment is put on a passage that was chosen for it. */
export function attachUrl(root, key, { start, end }) {
  const { revision } = root.dataset;
  return `/comments/${key}/passage/?${new URLSearchParams({ revision, start, end })}#place_title`;
}
