import {
  type ReadProgress,
  readCsv,
  readIdx,
  readJson,
  readNpy,
  readNpz,
  type Table,
} from '../../../tables/index.ts';
import { buffersOf, copied } from '../../settings/study-data.ts';
import { type LabelledImages, meaningOf, type NamedArray } from './arrays.ts';
import type { ChosenRows } from './chosen-rows.ts';
import { type FileKind, kindOf } from './file-kind.ts';
import { hashOf } from './hash.ts';
import { imageRows, imagesPreview } from './image-rows.ts';
import { previewOf } from './preview.ts';
import type { Choice, Preview, ReaderCommand, ReaderReport, ReadProblem } from './protocol.ts';
import { choiceProblem, readProblem } from './read-problem.ts';
import { tableRows } from './table-rows.ts';

type Post = (report: ReaderReport, transfer?: Transferable[]) => void;

/** What has been read. */
type Source = { table: Table } | { images: LabelledImages };

/** Reads files and makes rows of them, as the page tells. */
export class Reader {
  readonly #post: Post;
  #source: Source | undefined;
  #rows: ChosenRows | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  async carryOut(command: ReaderCommand): Promise<void> {
    switch (command.type) {
      case 'read':
        return this.#read(command.files);
      case 'choose':
        return this.#choose(command.number, command.choice);
      case 'take':
        return this.#take();
    }
  }

  async #read(files: readonly File[]): Promise<void> {
    try {
      if (files.length === 1 && (await kindOf(files[0])) === 'model') return await this.#readRun(files[0]);
      const read = await sourceOf(files, (bytes, rows) => {
        this.#post({ type: 'progress', bytes, total: sizeOf(files), rows });
      });
      if ('kind' in read) {
        this.#post({ type: 'problem', problem: read });
        return;
      }
      this.#source = read;
      const name = files.map(({ name }) => name).join(', ');
      const preview = previewIn(read, name, await hashOf(files));
      this.#post({ type: 'preview', preview });
    } catch (error) {
      this.#post({ type: 'problem', problem: readProblem(error) });
    }
  }

  async #readRun(file: File): Promise<void> {
    this.#post({ type: 'progress', bytes: 0, total: file.size, rows: 0 });
    const { readTraining } = await import('./training-file.ts');
    const training = await readTraining(file);
    this.#post('kind' in training ? { type: 'problem', problem: training } : { type: 'training', training });
  }

  #choose(number: number, choice: Choice): void {
    const source = this.#source;
    this.#rows = undefined;
    if (!source) return;
    try {
      this.#rows = 'table' in source ? tableRows(source.table, choice) : imageRows(source.images);
      this.#post({ type: 'chosen', number, counts: this.#rows.counts });
    } catch (error) {
      this.#post({ type: 'chosen', number, problem: choiceProblem(error, choice.task) });
    }
  }

  #take(): void {
    if (!this.#rows) return;
    const { data, images, reading } = this.#rows;
    this.#rows = this.#source = undefined;
    const twin = copied(data);
    this.#post({ type: 'taken', data, twin, images, reading }, [...buffersOf(data), ...buffersOf(twin)]);
  }
}

const sizeOf = (files: readonly File[]): number => files.reduce((sum, { size }) => sum + size, 0);

/** Reads files that belong together. @returns also why they cannot be read */
async function sourceOf(
  files: readonly File[],
  progress: (bytes: number, rows: number) => void,
): Promise<Source | ReadProblem> {
  const kinds = await Promise.all(files.map(kindOf));
  if (kinds.includes('workbook')) return { kind: 'spreadsheet' };
  if (kinds.includes('model')) return { kind: 'several' };
  const arrays = kinds.every((kind) => ['npy', 'zip', 'idx'].includes(kind));
  if (arrays) return arraysIn(files, kinds, (bytes) => progress(bytes, 0));
  if (files.length > 1) return { kind: 'several' };
  const options = { progress: ({ bytes, rows }: ReadProgress) => progress(bytes, rows) };
  const read = kinds[0] === 'json' ? readJson : readCsv;
  return { table: await read(files[0], options) };
}

async function arraysIn(
  files: readonly File[],
  kinds: readonly FileKind[],
  progress: (bytes: number) => void,
): Promise<Source | ReadProblem> {
  const arrays: NamedArray[] = [];
  let bytes = 0;
  for (const [i, file] of files.entries()) {
    progress(bytes);
    arrays.push(...(await readArrays(file, kinds[i])));
    bytes += file.size;
  }
  progress(bytes);
  return meaningOf(arrays) ?? { kind: 'unlabelled' };
}

async function readArrays(file: File, kind: FileKind): Promise<NamedArray[]> {
  const { name } = file;
  if (kind === 'npy') return [{ name, ...(await readNpy(file)) }];
  if (kind === 'idx') return [{ name, ...(await readIdx(file)) }];
  return Object.entries(await readNpz(file)).map(([name, array]) => ({ name, ...array }));
}

function previewIn(source: Source, name: string, sha256: string): Preview {
  return 'table' in source
    ? previewOf(source.table, name, sha256)
    : imagesPreview(source.images, name, sha256);
}
