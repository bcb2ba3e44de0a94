import type { Signal } from '@preact/signals';
import type { LaterTexts } from './texts/later/en.ts';
import { laterTexts } from './texts/later/later.ts';

interface Props {
  /** Single keys and what they do. */
  keys: Readonly<Record<string, keyof LaterTexts['help']['keys']>>;
  /** Whether the keys do it. */
  enabled: Signal<boolean>;
  onEnable: (enabled: boolean) => void;
}

/** What the help says. */
export function HelpWords({ keys, enabled, onEnable }: Props) {
  const { help: words } = laterTexts.value;
  return (
    <>
      <h2 id="help-title">{words.title}</h2>
      <p>{words.intro}</p>
      <h3>{words.shortcuts}</h3>
      <dl class="facts">
        {Object.entries(keys).map(([key, action]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words.keys[action]}</dd>
          </>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={enabled.value}
          onChange={({ currentTarget }) => onEnable(currentTarget.checked)}
        />
        {words.enabled}
      </label>
      <form method="dialog">
        <button type="submit">{words.close}</button>
      </form>
    </>
  );
}
