import { MODEL_NAMES, MODELS, PRECISION_NAMES, PRECISIONS } from './models.ts';
import type { Choice } from './protocol.ts';

interface Props {
  choice: Choice;
  onChoose: (part: Partial<Choice>) => void;
}

/** Which run is shown. */
export function Choices({ choice, onChoose }: Props) {
  return (
    <div class="choices">
      <Switch
        label="Model"
        name="model"
        options={MODEL_NAMES.map((value) => ({ value, ...MODELS[value] }))}
        chosen={choice.model}
        onChoose={(model) => onChoose({ model })}
      />
      <Switch
        label="Precision"
        name="precision"
        options={PRECISION_NAMES.map((value) => ({ value, ...PRECISIONS[value] }))}
        chosen={choice.precision}
        onChoose={(precision) => onChoose({ precision })}
      />
    </div>
  );
}

interface SwitchProps<Value extends string> {
  label: string;
  name: string;
  /** `kind` is what a name goes without where there is little room. */
  options: { value: Value; name: string; kind?: string; hint: string }[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

/** One of a few, with what the chosen one means. */
export function Switch<Value extends string>({ label, name, options, chosen, onChoose }: SwitchProps<Value>) {
  const hint = `${name}-hint`;
  return (
    <fieldset class="switch" aria-describedby={hint}>
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={chosen === option.value}
            onChange={() => onChoose(option.value)}
          />
          <span>
            {option.name}
            {option.kind && <span class="word"> {option.kind}</span>}
          </span>
        </label>
      ))}
      <span id={hint} class="hint">
        {options.find(({ value }) => value === chosen)?.hint}
      </span>
    </fieldset>
  );
}
