import { deviceDescriptor, isSoftwareAdapter } from '../../index.ts';
import type { AdapterReport, NoGpuReason } from './protocol.ts';

/** Why there is no GPU to train on. */
export class NoGpu {
  readonly reason: NoGpuReason;

  constructor(reason: NoGpuReason) {
    this.reason = reason;
  }
}

/**
 * Requests a device and says which adapter it belongs to. The page requests the device itself,
 * because a device does not name its adapter.
 */
export async function requestGpu(
  gpu: GPU | undefined,
): Promise<{ device: GPUDevice; report: AdapterReport } | NoGpu> {
  if (!gpu) {
    return new NoGpu(isSecureContext ? 'none' : 'insecure');
  }
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return new NoGpu('adapter');
    const device = await adapter.requestDevice(deviceDescriptor(adapter));
    return { device, report: describe(adapter.info) };
  } catch {
    return new NoGpu('device');
  }
}

/** Spellings of names that browsers give in lower case. */
const SPELLINGS = ['AMD', 'GCN', 'NVIDIA', 'RDNA', 'SwiftShader'];

function spelt(word: string): string {
  const known = SPELLINGS.find((spelling) => spelling.toLowerCase() === word);
  return known ?? word[0].toUpperCase() + word.slice(1);
}

function describe(info: GPUAdapterInfo): AdapterReport {
  const { vendor, architecture, description } = info;
  const name = description || `${vendor} ${architecture}`.replace(/[^ -]+/g, spelt).trim();
  return { backend: 'webgpu', name, software: isSoftwareAdapter(info) };
}
