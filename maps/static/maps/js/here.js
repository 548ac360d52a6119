// Where the person is, if they say so: rounded before it leaves the browser.
import { adding } from "./grid.js";

const DECIMALS = 3; // about a hundred metres
const WAIT_MS = 10_000;
const KEPT_MS = 300_000;

// The address of a question, asked from a position.
export function addressFrom(address, { latitude, longitude }) {
  return adding(address, `lat=${latitude.toFixed(DECIMALS)}&lon=${longitude.toFixed(DECIMALS)}`);
}

export function locate({ asking, refused, absent }, address, say) {
  if (!navigator.geolocation) return say(absent);
  say(asking);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => location.assign(addressFrom(address, coords)),
    ({ code, PERMISSION_DENIED }) => say(code === PERMISSION_DENIED ? refused : absent),
    { timeout: WAIT_MS, maximumAge: KEPT_MS },
  );
}
