// The position of whoever stands at the door, written where its coordinates are asked for.
const DECIMALS = 5; // about a metre
const WAIT_MS = 20_000;

function begin(button) {
  const form = button.form;
  const said = form.querySelector("[data-said]");
  const say = (text) => (said.textContent = text);
  const place = ({ coords }) => {
    form.elements.at.value = `${coords.latitude.toFixed(DECIMALS)}, ${coords.longitude.toFixed(DECIMALS)}`;
    form.querySelector('[name="choice"][value="coordinates"]').checked = true;
    say(button.dataset.placed);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    say(button.dataset.asking);
    navigator.geolocation.getCurrentPosition(
      place,
      ({ code, PERMISSION_DENIED }) => say(code === PERMISSION_DENIED ? button.dataset.refused : button.dataset.absent),
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 },
    );
  });
}

const button = document.querySelector("[data-here]");
if (button && navigator.geolocation) begin(button);
