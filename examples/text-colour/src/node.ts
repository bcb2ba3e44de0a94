import type { TrainerOptions } from 'spiralnet';
import { copyOf, textColour, trainNetwork } from './train.ts';

const where = await choose(process.argv[2] ?? 'cpu');
const { trainer, accuracy } = await trainNetwork(where, ({ step, loss }) => {
  console.log(`step ${step}: loss ${loss.toFixed(5)}`);
});
console.log(`accuracy ${accuracy.toFixed(3)} on ${trainer.backend}, step ${trainer.step}`);

const copy = await copyOf(trainer, where);
await Promise.all([trainer.train(50), copy.train(50)]);
for (const hex of ['#000000', '#ffffff', '#ffee00', '#000099', '#006600', '#99ddff']) {
  const { text, probability } = await textColour(trainer, hex);
  const again = await textColour(copy, hex);
  const same = again.text === text && again.probability === probability;
  console.log(
    `${hex}: ${text} ${probability.toFixed(4)}, ${same ? 'the same' : 'another answer'} after a restore`,
  );
}
trainer.destroy();
copy.destroy();

async function choose(backend: string): Promise<Pick<TrainerOptions, 'backend'>> {
  if (backend !== 'cpu' && backend !== 'webgpu') throw new Error(`Expected cpu or webgpu, got ${backend}.`);
  if (backend === 'webgpu') {
    // Dawn, the WebGPU of Chrome. Node itself has none.
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals, { navigator: { gpu: create([]) } });
  }
  return { backend };
}
