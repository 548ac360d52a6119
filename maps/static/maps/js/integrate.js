// Copies the code of a frame. Without this file it is selected and copied as any text.
const part = document.querySelector("[data-copy]");
const button = part.querySelector("button");
const said = part.querySelector("[role=status]");
const code = document.getElementById(part.dataset.copy);

button.hidden = false;
button.addEventListener("click", async () => {
  code.select();
  try {
    await navigator.clipboard.writeText(code.value);
    said.textContent = part.dataset.copied;
  } catch {
    said.textContent = part.dataset.failed; // it is selected
  }
});
