const KEY = 'rowmill-theme';

/** Colours of the page, for what is drawn. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Light or dark: what was chosen last, else what the system says. */
export function startTheme(button: HTMLButtonElement, onChange: () => void): void {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  const current = (): string => localStorage.getItem(KEY) ?? (prefersDark.matches ? 'dark' : 'light');
  const apply = (): void => {
    document.documentElement.dataset.theme = current();
    button.textContent = current() === 'dark' ? 'Light' : 'Dark';
    onChange();
  };
  button.addEventListener('click', () => {
    localStorage.setItem(KEY, current() === 'dark' ? 'light' : 'dark');
    apply();
  });
  prefersDark.addEventListener('change', apply);
  apply();
}
