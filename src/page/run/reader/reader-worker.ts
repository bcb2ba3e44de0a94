import type { ReaderCommand } from './protocol.ts';
import { Reader } from './reader.ts';

const reader = new Reader((report, transfer = []) => postMessage(report, { transfer }));
addEventListener('message', ({ data }: MessageEvent<ReaderCommand>) => reader.carryOut(data));
