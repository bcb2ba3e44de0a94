import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The memory of a process, in bytes. */
export interface MemoryUse {
  /** All physical memory, also of the GPU's software driver. */
  resident: number;
  /** The objects of JavaScript. */
  heap: number;
  /** Buffers and other memory outside the heap. */
  arrays: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The memory in use after garbage collection. */
export async function measureMemory(): Promise<MemoryUse> {
  // A collected object may release other objects only in a later task.
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, heap: heapUsed, arrays: external };
}
