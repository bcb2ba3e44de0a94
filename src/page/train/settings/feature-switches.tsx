import { symbolOf } from '../../settings/features.ts';
import { DEFAULTS, FEATURES, type Feature, type Settings } from '../../settings/settings.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { Folded } from '../../ui/folded.tsx';

interface Props {
  features: readonly Feature[];
  onChange: (part: Partial<Settings>) => void;
}

/** A switch for each input that the network may get of a point, one press away. */
export function FeatureSwitches({ features, onChange }: Props) {
  const { features: words } = laterTexts.value;
  const toggle = (feature: Feature) => {
    const chosen = FEATURES.filter((other) => (other === feature) !== features.includes(other));
    if (chosen.length > 0) onChange({ features: chosen });
  };
  return (
    <Folded
      class="features"
      summary={words.chosen(features.map(symbolOf).join(', '))}
      opens={features.join() !== DEFAULTS.features.join()}
    >
      <fieldset aria-describedby="features-hint">
        <legend class="hidden">{words.title}</legend>
        {FEATURES.map((feature) => {
          const on = features.includes(feature);
          const last = on && features.length === 1;
          return (
            <button
              key={feature}
              type="button"
              class="small"
              role="switch"
              aria-checked={on}
              aria-disabled={last}
              aria-label={words.names[feature]}
              title={last ? words.last : words.names[feature]}
              onClick={() => toggle(feature)}
            >
              {symbolOf(feature)}
            </button>
          );
        })}
        <span id="features-hint" class="hint">
          {words.hint}
        </span>
      </fieldset>
    </Folded>
  );
}
