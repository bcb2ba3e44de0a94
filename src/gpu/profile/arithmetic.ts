import type { Arithmetic } from '../../../shaders/lib/real.ts';
import type { Precision } from '../../types.ts';

/**
 * The arithmetic that gives a precision on a device. The self-test of double precision loads when
 * it is first needed.
 * @throws {UnsupportedError} if the device cannot compute in this precision
 */
export async function arithmeticOf(device: GPUDevice, precision: Precision): Promise<Arithmetic> {
  if (precision === 'single') return 'single';
  const { doubleArithmetic } = await import('./self-test.ts');
  return doubleArithmetic(device);
}
