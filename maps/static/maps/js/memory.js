// What a person chose for their own browser, kept there only, and only once chosen. A browser may forbid that.
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice then holds for this page.
  }
}
