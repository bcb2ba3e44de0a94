import { expect, test } from 'vitest';
import type { Kernel } from '../../../shaders/lib/kernel.ts';
import { textDevice } from '../../../tests/helpers/devices/text-device.ts';
import { compile } from './pipelines.ts';

test('a device keeps its last kernels, and no more of them however many it compiles', () => {
  // The driver would take too long to compile so many kernels.
  const { device, texts } = textDevice({});
  const kernel = (code: string): Kernel => ({ code, bindings: [], workgroup: 1, covers: { x: 1, y: 1 } });
  const compileAll = (count: number) => {
    for (let i = 0; i < count; i++) compile(device, kernel(`kernel ${i}`), 'test');
  };
  compileAll(100);
  compileAll(100);
  expect(texts).toHaveLength(100);
  compileAll(1000);
  compile(device, kernel('kernel 999'), 'test');
  expect(texts).toHaveLength(1000);
  compile(device, kernel('kernel 0'), 'test');
  expect(texts).toHaveLength(1001);
});
