import { LimitError } from '../../errors.ts';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/** Whether an adapter is a program on the CPU that stands in for a GPU. */
export function isSoftwareAdapter(info: GPUAdapterInfo | undefined): boolean {
  if (!info) return false;
  return info.isFallbackAdapter || SOFTWARE.test(names(info));
}

/**
 * The number of loop iterations after which Mesa's llvmpipe ends an invocation, all its loops
 * together, without an error and with an unfinished result. A software adapter without a name, as
 * in Firefox, may be llvmpipe.
 */
export function mostIterations(info: GPUAdapterInfo | undefined): number {
  if (!info || !isSoftwareAdapter(info)) return Number.POSITIVE_INFINITY;
  return /swiftshader|microsoft basic render/i.test(names(info)) ? Number.POSITIVE_INFINITY : 65_535;
}

/** @throws {LimitError} if the device's adapter does not make that many loop iterations */
export function checkIterations(info: GPUAdapterInfo | undefined, what: string, needed: number): void {
  const available = mostIterations(info);
  if (needed <= available) return;
  const advice = "Use a graphics adapter that is none in software, or train with backend: 'cpu'.";
  throw new LimitError(what, 'loop iterations', needed, available, advice);
}

function names({ vendor, architecture, description }: GPUAdapterInfo): string {
  return [vendor, architecture, description].join(' ');
}
