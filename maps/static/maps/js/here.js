// Where the person is, if they say so: rounded before it leaves the browser.
const DECIMALS = 3; // about a hundred metres
const WAIT_MS = 10_000;
const KEPT_MS = 300_000;

// The same question, asked from a position.
export function addressFrom(address, { latitude, longitude }) {
  const url = new URL(address);
  url.searchParams.set("lat", latitude.toFixed(DECIMALS));
  url.searchParams.set("lon", longitude.toFixed(DECIMALS));
  return url.href;
}

export function locate({ asking, refused, absent }, say) {
  if (!navigator.geolocation) return say(absent);
  say(asking);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => location.assign(addressFrom(location.href, coords)),
    ({ code, PERMISSION_DENIED }) => say(code === PERMISSION_DENIED ? refused : absent),
    { timeout: WAIT_MS, maximumAge: KEPT_MS },
  );
}
