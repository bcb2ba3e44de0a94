import { deviceDescriptor, type TrainerOptions } from 'spiralnet';
import { copyOf, textColour, trainNetwork } from './train.ts';

// This array keeps the instance and the adapter, which the package `webgpu` otherwise frees while a
// device is at work.
const kept: unknown[] = [];
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
where.device?.destroy();

async function choose(backend: string): Promise<Pick<TrainerOptions, 'backend' | 'device'>> {
  if (backend === 'cpu') return { backend };
  if (backend !== 'webgpu') throw new Error(`Expected cpu or webgpu, got ${backend}.`);
  // Dawn, the WebGPU of Chrome. Node itself has none.
  const { create } = await import('webgpu');
  const gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error('There is no WebGPU adapter here.');
  const device = await adapter.requestDevice(deviceDescriptor(adapter));
  kept.push(gpu, adapter);
  return { device };
}
