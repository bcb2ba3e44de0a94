import { signal } from '@preact/signals';

/** The files that a person has handed over; none while the dialog asks for them. */
export const asked = signal<readonly File[] | undefined>(undefined);

/** The files whose rows were taken last, so that other columns can be chosen. */
export const taken = signal<readonly File[]>([]);

/** Opens the dialog of a person's own data. */
export function askForFile(files: readonly File[] = []): void {
  asked.value = files;
}

/** Pasted cells, as a file. */
export const fileOf = (text: string, name: string): File => new File([text], name, { type: 'text/plain' });
