import { expect, type Locator, type Page } from 'playwright/test';

/** Three kinds of flowers, told apart by their lengths; one width is missing. */
export const FLOWERS = [
  'length,width,city,kind',
  ...Array.from({ length: 60 }, (_, i) => {
    const kind = i % 3;
    const city = ['Seoul', 'Busan'][i % 2];
    return `${4 + 2 * kind + (i % 7) / 10},${i === 5 ? '' : 1 + (i % 5) / 10},${city},${['iris', 'lily', 'rose'][kind]}`;
  }),
].join('\n');

/** A file that a test writes; a text, or bytes. */
interface Written {
  name: string;
  text: string | number[];
}

/** Drops files on the page, as a person does from a folder. */
export async function drop(page: Page, ...files: Written[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle((files) => {
    const dropped = new DataTransfer();
    for (const { name, text } of files)
      dropped.items.add(new File([typeof text === 'string' ? text : Uint8Array.from(text)], name));
    return dropped;
  }, files);
  // A browser tells again and again of a file over the page, whose parts for files may come meanwhile.
  await expect(async () => {
    await page.dispatchEvent('body', 'dragover', { dataTransfer });
    await expect(page.locator('.drop')).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 100_000 });
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

/** The dialog of a person's own data. */
export class FileDialog {
  readonly page: Page;
  readonly dialog;
  readonly outcome;
  readonly train;
  /** In the place of all pictures while a link waits for its file. */
  readonly wanted;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog');
    this.wanted = page.getByRole('region', { name: /This link needs|이 링크에 필요한/ });
    this.outcome = this.dialog.getByRole('status');
    this.train = this.dialog.getByRole('button', { name: 'Train on this' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Your data' }).click();
  }

  async choose(...files: Written[]): Promise<void> {
    await this.#chooseWith(this.dialog.getByRole('button', { name: 'Choose a file' }), files);
  }

  /** Chooses a file where a link waits for it. */
  async chooseWanted(...files: Written[]): Promise<void> {
    await this.#chooseWith(this.wanted.getByRole('button'), files);
  }

  async #chooseWith(button: Locator, files: Written[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await button.click();
    const buffers = files.map(({ name, text }) => ({
      name,
      mimeType: 'text/csv',
      buffer: Buffer.from(text),
    }));
    await (await chooser).setFiles(buffers);
  }

  learn(column: string) {
    return this.dialog.getByRole('button', { name: new RegExp(`^${column} (number|text|date)`) });
  }

  use(column: string) {
    return this.dialog.getByRole('checkbox', { name: `Use ${column}` });
  }
}
