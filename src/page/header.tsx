import type { Precision } from '../index.ts';
import { MODEL_NAMES, MODELS, PRECISION_NAMES, PRECISIONS } from './models.ts';
import type { AdapterReport, Choice } from './protocol.ts';
import { arithmetic } from './remarks.ts';

interface Props {
  choice: Choice;
  adapter: AdapterReport | undefined;
  onChoose: (part: Partial<Choice>) => void;
}

/** The page's name, which run is shown, and where it trains. */
export function Header({ choice, adapter, onChoose }: Props) {
  return (
    <header>
      <h1>spiralnet</h1>
      <fieldset class="switch">
        <legend class="hidden">Model</legend>
        {MODEL_NAMES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="model"
              value={name}
              checked={choice.model === name}
              onChange={() => onChoose({ model: name })}
            />
            {MODELS[name].name}
          </label>
        ))}
      </fieldset>
      <fieldset class="switch precision">
        <legend>Precision</legend>
        {PRECISION_NAMES.map((name) => (
          <label key={name} title={PRECISIONS[name].hint}>
            <input
              type="radio"
              name="precision"
              value={name}
              checked={choice.precision === name}
              title={PRECISIONS[name].hint}
              onChange={() => onChoose({ precision: name })}
            />
            {PRECISIONS[name].name}
          </label>
        ))}
      </fieldset>
      <p class="adapter">{adapter && summary(adapter, choice.precision)}</p>
    </header>
  );
}

function summary({ backend, name, software }: AdapterReport, precision: Precision): string {
  const numbers = precision === 'double' ? ` · ${arithmetic(precision, backend)}` : '';
  if (backend === 'cpu') return `CPU · no GPU${numbers}`;
  return `${name} · WebGPU${software ? ' · software, not a GPU' : ''}${numbers}`;
}
