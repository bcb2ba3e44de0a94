import { adapterInfo, isSoftwareAdapter, requestDevice } from '../../index.ts';
import type { AdapterReport, NoGpuReason } from './protocol.ts';

/** Milliseconds until a run begins on the CPU, because the browser has not answered. */
const PATIENCE = 10_000;

/** A device, or why there is none. */
export interface Access {
  device: GPUDevice | undefined;
  report: AdapterReport;
}

/** The device on which this worker trains. */
export class GpuAccess {
  #answer: Promise<Access> | undefined;
  #silence: Promise<Access> | undefined;

  /**
   * The device. A lost device is replaced, a request that failed is made again, and an answer that
   * comes too late for one call is used by the next.
   */
  get(): Promise<Access> {
    const { gpu } = navigator;
    if (!gpu) return Promise.resolve(onCpu(isSecureContext ? 'none' : 'insecure'));
    this.#answer ??= this.#ask(gpu);
    this.#silence ??= new Promise((resolve) => {
      setTimeout(() => resolve(onCpu('silent')), PATIENCE);
    });
    return Promise.race([this.#answer, this.#silence]);
  }

  #ask(gpu: GPU): Promise<Access> {
    const forget = () => {
      if (this.#answer === answer) this.#answer = this.#silence = undefined;
    };
    const answer = requestDevice(gpu, { patience: Number.POSITIVE_INFINITY }).then(
      (device): Access => {
        device.lost.then(forget);
        return { device, report: describe(adapterInfo(device)) };
      },
      ({ cause }: Error): Access => {
        forget();
        // Only an error of the browser's own has a cause.
        if (cause === undefined) return onCpu('adapter');
        return onCpu('device', cause instanceof Error ? cause.message : String(cause));
      },
    );
    return answer;
  }
}

/** @param detail why, in English: a sentence of the library or the browser */
export function onCpu(reason: NoGpuReason, detail?: string): Access {
  const report: AdapterReport = { backend: 'cpu', name: 'CPU', software: false, reason };
  return { device: undefined, report: { ...report, ...(detail && { detail }) } };
}

/** Spellings of names that browsers give in lower case. */
const SPELLINGS = ['AMD', 'GCN', 'NVIDIA', 'RDNA', 'SwiftShader'];

function spelt(word: string): string {
  const known = SPELLINGS.find((spelling) => spelling.toLowerCase() === word);
  return known ?? word[0].toUpperCase() + word.slice(1);
}

function describe(info: GPUAdapterInfo | undefined): AdapterReport {
  const { vendor = '', architecture = '', description = '' } = info ?? {};
  const name = description || `${vendor} ${architecture}`.replace(/[^ -]+/g, spelt).trim();
  return { backend: 'webgpu', name, software: isSoftwareAdapter(info) };
}
