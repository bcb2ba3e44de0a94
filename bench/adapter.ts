import type { Environment } from './report.ts';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/** The adapter that contestants will be given, in words. */
export async function describeAdapter(gpu: GPU | undefined): Promise<Environment['adapter']> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ') || 'without a name';
  return { name, software: isFallbackAdapter || SOFTWARE.test(name) };
}
