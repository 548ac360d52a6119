// Hands the page's address on, as the browser does it, or by the clipboard.
export async function share({ url, title, copied, failed }, say) {
  try {
    if (navigator.share) return await navigator.share({ title, url });
    await navigator.clipboard.writeText(url);
    say(copied);
  } catch (error) {
    if (error.name !== "AbortError") say(failed.replace("{url}", url)); // the person may change their mind
  }
}
