import { isSoftwareAdapter } from '../src/gpu/device/adapter.ts';
import type { Environment } from './report/report.ts';

/** The adapter that contestants will be given, in words. */
export async function describeAdapter(gpu: GPU | undefined): Promise<Environment['adapter']> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const { vendor, architecture, device, description } = adapter.info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ') || 'without a name';
  return { name, software: isSoftwareAdapter(adapter.info) };
}
