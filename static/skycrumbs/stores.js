/** What the browser keeps for this site. Private windows and full disks refuse: then nothing is kept, and nothing breaks. */

/** Those of `sessionStorage` (the tab's own) and `localStorage` (of all tabs) that can be had. */
export function storesOf(...names) {
  return names.flatMap((name) => {
    try {
      return window[name] ?? [];
    } catch {
      return [];
    }
  });
}

export function put(store, key, value) {
  try {
    store.setItem(key, value);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
  }
}
