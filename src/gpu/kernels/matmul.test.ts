import { describe, expect, test } from 'vitest';
import { sensibleCandidates } from '../../../bench/kernels/candidates.ts';
import type { MatmulShape } from './matmul.ts';

const swiftshader = {
  vendor: 'google',
  architecture: 'swiftshader',
  isFallbackAdapter: true,
  subgroupMaxSize: 4,
};
const llvmpipe = { vendor: 'mesa', architecture: '', description: 'llvmpipe (LLVM 15, 256 bits)' };
const card = { vendor: 'nvidia', architecture: 'ada', isFallbackAdapter: false, subgroupMaxSize: 32 };

function names(
  shape: MatmulShape,
  adapter: Partial<GPUAdapterInfo> | undefined,
  { features = ['subgroups'], arithmetic = 'single' as 'single' | 'double' } = {},
): string[] {
  const device = { features: new Set(features), adapterInfo: adapter as GPUAdapterInfo };
  return sensibleCandidates(shape, device, arithmetic).map(({ name }) => name);
}

const square = (side: number): MatmulShape => ({ form: 'nn', m: side, k: side, n: side });

describe('the first candidate', () => {
  test.each([
    ['small', { form: 'nn', m: 300, k: 2, n: 100 }, 'register 4×4 vec4'],
    ['one column', { form: 'nn', m: 300, k: 100, n: 1 }, 'register 4×1 vec4'],
    ['large', { form: 'nn', m: 512, k: 784, n: 256 }, 'quad 16×4 vec4'],
    ['narrow', { form: 'nn', m: 512, k: 256, n: 10 }, 'quad 16×4 vec4'],
    ['not in fours', { form: 'nn', m: 513, k: 783, n: 257 }, 'quad 16×4'],
    ['very large', square(1024), 'quad 32×8 vec4'],
  ] as [string, MatmulShape, string][])('on SwiftShader, %s', (_, shape, name) => {
    expect(names(shape, swiftshader)[0]).toBe(name);
  });

  test('without subgroups of four', () => {
    expect(names(square(512), swiftshader, { features: [] })[0]).toBe('register 16×8 vec4');
    expect(names(square(512), llvmpipe)[0]).toBe('register 16×8 vec4');
  });

  test.each([
    ['small', { form: 'nn', m: 300, k: 2, n: 100 }, 'register 4×4 vec4'],
    ['enough blocks', { form: 'nt', m: 1024, k: 512, n: 1024 }, 'shared 128×128'],
    ['fewer blocks', { form: 'nn', m: 512, k: 256, n: 512 }, 'shared 64×64 vec4'],
    ['few blocks and long sums', { form: 'tn', m: 784, k: 512, n: 256 }, 'split 2 × shared 64×64 vec4'],
    ['narrow, long sums', { form: 'tn', m: 512, k: 4096, n: 10 }, 'split 16 × register 4×4 vec4'],
  ] as [string, MatmulShape, string][])('on a graphics card, %s', (_, shape, name) => {
    expect(names(shape, card)[0]).toBe(name);
  });

  test('on a device that does not name its adapter is that of a graphics card', () => {
    expect(names(square(1024), undefined)).toEqual(names(square(1024), card));
  });

  test('in double arithmetic', () => {
    expect(names(square(512), swiftshader, { arithmetic: 'double' })[0]).toBe('quad 8×4');
    expect(names(square(512), card, { arithmetic: 'double' })[0]).toBe('shared 64×64');
  });
});

test('candidates have different names, fit the shape and need what the device has', () => {
  const all = names({ form: 'tn', m: 256, k: 600, n: 10 }, card);
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((name) => /×(64|128)/.test(name))).toEqual([]);
  expect(all).toContain('split 3 × quad 16×4');
  expect(names(square(256), card, { features: [] }).filter((name) => name.includes('quad'))).toEqual([]);
});

describe('sums that are longer than a loop may be', () => {
  const long = (k: number): MatmulShape => ({ form: 'tn', m: 64, k, n: 64 });
  const unnamed = { vendor: '', architecture: '', description: '', isFallbackAdapter: true };

  test.each([
    ['llvmpipe', llvmpipe],
    ['a software adapter without a name', unnamed],
  ])('are split on %s, which ends such loops without a word', (_, adapter) => {
    expect(names(long(251_000), adapter).filter((name) => !name.includes('split'))).not.toEqual([]);
    expect(names(long(260_000), adapter)[0]).toBe('split 1016 × register 16×8 vec4');
    // The advantage in memory counts less than the result.
    expect(names(long(1_000_000), adapter).every((name) => name.startsWith('split 3907 × '))).toBe(true);
  });

  test('are chosen as before elsewhere', () => {
    expect(names(long(1_000_000), swiftshader)[0]).toBe('quad 32×8 vec4');
    expect(names(long(1_000_000), card)).toEqual(names(long(1_000_000), undefined));
  });

  test('are refused where no way to compute them is left', () => {
    expect(() => names(long(2 ** 24 + 1), llvmpipe)).toThrow(
      /A sum of 16777217 terms needs loop iterations ≥ 65537, but this machine allows 65535. Use a graphics adapter/,
    );
  });
});

test('no candidate stores more between its kernels than the product is worth', () => {
  expect(names(square(2048), card).filter((name) => name.includes('split'))).toEqual([]);
});
