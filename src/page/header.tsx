import { MODEL_NAMES, MODELS } from './models.ts';
import type { AdapterReport, Model } from './protocol.ts';

interface Props {
  model: Model;
  adapter: AdapterReport | undefined;
  onChoose: (model: Model) => void;
}

/** The page's name, which model is shown, and where it trains. */
export function Header({ model, adapter, onChoose }: Props) {
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
              checked={model === name}
              onChange={() => onChoose(name)}
            />
            {MODELS[name].name}
          </label>
        ))}
      </fieldset>
      <p class="adapter">{adapter && summary(adapter)}</p>
    </header>
  );
}

function summary({ backend, name, software }: AdapterReport): string {
  if (backend === 'cpu') return 'CPU · no GPU';
  return `${name} · WebGPU${software ? ' · software, not a GPU' : ''}`;
}
