import { readFileSync, writeFileSync } from 'node:fs';
import type { Digests } from './digest.ts';

/**
 * Digests of every case by its name. Digests of the CPU hold everywhere, digests of WebGPU on one
 * adapter.
 */
export interface Records {
  cpu: Record<string, Digests>;
  adapters: Record<string, Record<string, Digests>>;
}

const FILE = new URL('digests.json', import.meta.url);

export function readRecords(): Records {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

export function writeRecords(records: Records): void {
  writeFileSync(FILE, `${JSON.stringify(records, null, 2)}\n`);
}

/** The description of an adapter: another adapter or version may round differently. */
export function adapterName({ adapterInfo }: GPUDevice): string {
  const { vendor, architecture, device, description } = adapterInfo;
  return [vendor, architecture, device, description].filter(Boolean).join(' ');
}
