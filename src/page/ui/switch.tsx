interface SwitchProps<Value extends string> {
  label: string;
  name: string;
  /** `kind` is the part of a name that narrow screens leave out. */
  options: { value: Value; name: string; kind?: string; hint: string }[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

/** A choice of one of a few, with a sentence about the chosen one. */
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
