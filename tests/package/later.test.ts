import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/process.js';

/** The modules that load with a module: all that it imports, but types and dynamic imports. */
async function loadedWith(path: string, loaded = new Set<string>()): Promise<Set<string>> {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  const code = await readFile(join(root, path), 'utf8');
  for (const [, names, source] of code.matchAll(/^(?:import|export) ([^;]*?) from '(\.[^']+)';/gm)) {
    if (/^type\b/.test(names) || /^\{(?:\s*type [^,}]+,?)+\s*\}$/.test(names)) continue;
    await loadedWith(relative(root, join(root, dirname(path), source)).replaceAll('\\', '/'), loaded);
  }
  return loaded;
}

test('what the network of the notes never needs does not load with the library', async () => {
  const loaded = await loadedWith('src/index.ts');
  expect(loaded).toContain('shaders/softmax.wgsl.ts');
  for (const later of [
    'shaders/hinge.wgsl.ts',
    'shaders/squared-error.wgsl.ts',
    'shaders/lib/activations.ts',
    'shaders/lib/dropout.ts',
    'shaders/lib/real-double.ts',
    'src/cpu/engine.ts',
    'src/cpu/weighted-step.ts',
    'src/gpu/plans/layered.ts',
    'src/gpu/reads/gradients.ts',
    'src/gpu/reads/inspection.ts',
    'src/step-tensors.ts',
    'src/trainer/gradient-check/differentiable-loss.ts',
    'src/trainer/driver-comparison.ts',
  ]) {
    expect(await readFile(join(root, later), 'utf8')).not.toBe('');
    expect(loaded, later).not.toContain(later);
  }
});
