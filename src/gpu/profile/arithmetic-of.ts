import type { Arithmetic } from '../../../shaders/lib/real.ts';
import type { Precision } from '../../types.ts';

/**
 * The arithmetic that gives a precision on a device. Who trains in single precision need not load the test of the other.
 * @throws {UnsupportedError} if the device cannot compute in it
 */
export async function arithmeticOf(device: GPUDevice, precision: Precision): Promise<Arithmetic> {
  if (precision === 'single') return 'single';
  const { doubleArithmetic } = await import('./self-test.ts');
  return doubleArithmetic(device);
}
