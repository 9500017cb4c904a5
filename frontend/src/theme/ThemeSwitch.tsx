import { Monitor, Moon, Sun } from 'lucide-react';

import { chooseTheme, type ThemeChoice, useThemeChoice } from './theme';

const CHOICES: { value: ThemeChoice; label: string; Icon: typeof Sun }[] = [
  { value: 'system', label: 'As the system', Icon: Monitor },
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
];

/** Chooses between the system's theme, light and dark. */
export function ThemeSwitch() {
  const chosen = useThemeChoice();
  return (
    <fieldset className="flex rounded-full border border-line bg-canvas p-0.5">
      <legend className="sr-only">Theme</legend>
      {CHOICES.map(({ value, label, Icon }) => (
        <label
          key={value}
          title={label}
          className="grid size-7 cursor-pointer place-items-center rounded-full text-muted transition-colors has-checked:bg-tint has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent hover:text-ink"
        >
          <input
            type="radio"
            name="theme"
            className="sr-only"
            checked={chosen === value}
            onChange={() => chooseTheme(value)}
          />
          <Icon aria-hidden className="size-3.5" />
          <span className="sr-only">{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
