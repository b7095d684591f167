/** What is the reader's own, by a call of its own: pages are the same for everyone. */

/** The JSON at an address of this site; null when the server cannot be asked, or refuses. */
export async function fetchOwn(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return null; // offline, or not JSON
    throw error;
  }
}
