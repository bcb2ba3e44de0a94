import type { Trainer } from 'spiralnet';
import { textColour, trainNetwork } from './train.ts';

const losses = element('#losses', HTMLElement);
const result = element('#result', HTMLElement);
const colour = element('#colour', HTMLInputElement);
const sample = element('#sample', HTMLElement);

const { trainer, accuracy } = await trainNetwork({}, ({ step, loss }) => {
  losses.append(`step ${step}: loss ${loss.toFixed(5)}\n`);
});
result.textContent = `accuracy ${accuracy.toFixed(3)} on ${trainer.backend}`;
colour.addEventListener('input', () => paint(trainer));
await paint(trainer);

async function paint(network: Trainer): Promise<void> {
  const background = colour.value;
  const { text, probability } = await textColour(network, background);
  sample.style.background = background;
  sample.style.color = text;
  sample.textContent = `${text}, ${(100 * probability).toFixed(0)} %`;
}

function element<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page has no ${selector}.`);
  return found;
}
