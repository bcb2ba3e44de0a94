import { expect, type Locator, type Page, type Worker } from 'playwright/test';

type Model = 'Linear classifier' | 'Two-layer network' | 'Own sizes' | 'From Train';

/** The Benchmark view as a person sees and uses it. */
export class BenchmarkPage {
  readonly page: Page;
  readonly bar: Locator;
  readonly measure: Locator;
  readonly cancel: Locator;
  readonly status: Locator;
  readonly progress: Locator;
  readonly headline: Locator;
  /** The network, the adapter, the browser and the CPU of a measurement. */
  readonly facts: Locator;
  readonly stages: Locator;
  readonly crossover: Locator;
  readonly kernels: Locator;

  constructor(page: Page) {
    this.page = page;
    this.bar = page.getByRole('region', { name: 'Benchmark', exact: true });
    this.measure = this.bar.getByRole('button', { name: 'Measure' });
    this.cancel = this.bar.getByRole('button', { name: 'Cancel' });
    this.status = this.bar.getByRole('status');
    this.progress = this.bar.getByRole('progressbar', { name: 'Benchmark' });
    this.headline = page.locator('.headline');
    this.facts = page.locator('.machine');
    this.stages = page.getByRole('region', { name: 'From nothing to a trained step' });
    this.crossover = page.getByRole('region', { name: 'From which size on the GPU is faster' });
    this.kernels = page.getByRole('region', { name: 'Where a step’s time goes' });
  }

  /** Opens the view at its address, ready to measure in a short time. */
  async open(model: Model, address = '/#benchmark'): Promise<void> {
    await this.page.goto(address);
    await this.choose(model);
    await this.choose('Quick');
    await expect(this.status).toHaveText('Nothing measured yet.');
  }

  async choose(name: string): Promise<void> {
    await this.page.getByRole('radio', { name }).check();
  }

  /** Chooses the sizes of the network. */
  async enter(sizes: Partial<Record<'Hidden units' | 'Points' | 'Features', number>>): Promise<void> {
    for (const [name, size] of Object.entries(sizes)) {
      const field = this.page.getByRole('spinbutton', { name });
      await field.fill(String(size));
      await field.press('Enter');
    }
  }

  /** The seconds that a benchmark is expected to take. */
  async expected(): Promise<number> {
    const text = await this.page.locator('.doing').innerText();
    const [, number, unit] = /^takes about (\d+) (s|min)$/.exec(text) ?? [];
    return Number(number) * (unit === 'min' ? 60 : 1);
  }

  async measureToTheEnd(): Promise<void> {
    await this.measure.click();
    await expect(this.status).toContainText('Measured in', { timeout: 270_000 });
  }

  /** The worker that measures, beside the one that trains. */
  async worker(): Promise<Worker> {
    await expect.poll(() => this.page.workers().length).toBe(2);
    return this.page.workers()[1];
  }

  /** The cells of a row of the stages' table, without the small text below a figure. */
  async row(name: string): Promise<string[]> {
    const row = this.stages.getByRole('row', { name: new RegExp(`^${name}`) });
    return (await row.getByRole('cell').allInnerTexts()).map((text) => text.split('\n')[0]);
  }

  /** The text that a button copies. */
  async copied(format: 'Markdown' | 'JSON'): Promise<string> {
    await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.page.getByRole('button', { name: `Copy as ${format}` }).click();
    await expect(this.page.getByText(`Copied as ${format}.`)).toBeVisible();
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}
