import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies } from '../../scripts/dependencies.js';
import { root } from '../../scripts/process.js';

/** What the tests use of onnxruntime-web, whose own types are there only once it is installed. */
interface Runtime {
  env: { wasm: { numThreads: number } };
  Tensor: new (type: string, data: Float32Array | Float64Array, dims: number[]) => Tensor;
  InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
}

interface Tensor {
  type: string;
  data: ArrayLike<number | bigint>;
  dims: readonly number[];
}

interface Session {
  inputNames: readonly string[];
  outputNames: readonly string[];
  run(feeds: { [name: string]: Tensor }): Promise<{ [name: string]: Tensor }>;
  release(): Promise<void>;
}

const FOLDER = 'tests/onnx';

let runtime: Promise<Runtime> | undefined;

/** onnxruntime-web, on the CPU in WebAssembly; it is installed first where it is missing. */
export function onnxruntime(): Promise<Runtime> {
  runtime ??= load();
  return runtime;
}

async function load(): Promise<Runtime> {
  await ensureDependencies(FOLDER);
  const path = join(root, FOLDER, 'node_modules/onnxruntime-web/dist/ort.node.min.mjs');
  const loaded: Runtime = await import(pathToFileURL(path).href);
  // Threads would compete with those of the other tests.
  loaded.env.wasm.numThreads = 1;
  return loaded;
}

/** What a model of ONNX gives for rows, by the name of the output. */
export async function runOnnx(model: Uint8Array, batches: (Float32Array | Float64Array)[], features: number) {
  const { InferenceSession, Tensor } = await onnxruntime();
  const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
  const results: { [name: string]: Tensor }[] = [];
  for (const rows of batches) {
    const type = rows instanceof Float32Array ? 'float32' : 'float64';
    results.push(await session.run({ inputs: new Tensor(type, rows, [rows.length / features, features]) }));
  }
  await session.release();
  return results;
}
