import { expect, test } from 'vitest';
import { gate } from '../../tests/helpers/devices/gate.ts';
import { testDevice } from '../../tests/helpers/devices/gpu.ts';
import { caseStudy, createTrainer } from '../index.ts';

/**
 * A device that compiles nothing until `compile` is called, and the texts that it was asked to
 * compile.
 */
async function deviceThatWaits() {
  const device = await testDevice();
  const asked: { label: string; code: string }[] = [];
  const compiler = gate();
  const texts = new WeakMap<GPUShaderModule, string>();
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) => {
    const module = createShaderModule(descriptor);
    texts.set(module, descriptor.code);
    return module;
  };
  const createComputePipelineAsync = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = async (descriptor) => {
    asked.push({ label: descriptor.label ?? '', code: texts.get(descriptor.compute.module) ?? '' });
    await compiler.opened;
    return createComputePipelineAsync(descriptor);
  };
  return { device, asked, compile: compiler.open };
}

// Software adapters compile a kernel in tens of milliseconds: most of the time before the first
// step.
test('the case study compiles few kernels before the first step, short ones, and all of them at once', async () => {
  const { device, asked, compile } = await deviceThatWaits();
  const creation = createTrainer({ ...caseStudy.network.options, device, tuning: { cache: new Map() } });
  await expect.poll(() => asked.length).toBe(6);
  compile();
  const trainer = await creation;
  await trainer.train(1);
  await trainer.measure();
  expect(asked.map(({ label }) => label).sort()).toEqual([
    'fused backward',
    'fused forward',
    'fused logits',
    'softmax loss',
    'sum losses',
    'sum weights 0 squared',
  ]);
  // The two passes of the largest tiling have more than 20 KB each.
  for (const { label, code } of asked) expect(code.length, label).toBeLessThan(12_000);
  trainer.destroy();
});
