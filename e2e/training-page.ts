import { expect, type Locator, type Page, type Worker } from 'playwright/test';

type Model = 'Linear classifier' | 'Two-layer network';
type Precision = 'Single' | 'Double';

const PRESETS: Record<Model, string> = {
  'Linear classifier': 'Linear classifier of the notes',
  'Two-layer network': 'Two-layer network of the notes',
};

/** The page as a person sees and uses it. */
export class TrainingPage {
  readonly page: Page;
  readonly train: Locator;
  readonly pause: Locator;
  readonly step: Locator;
  readonly rewind: Locator;
  readonly status: Locator;
  readonly regions: Locator;
  readonly printout: Locator;
  readonly settings: Locator;
  readonly timing: Locator;
  readonly plan: Locator;

  constructor(page: Page) {
    this.page = page;
    const bar = page.getByRole('region', { name: 'Training' });
    this.train = bar.getByRole('button', { name: /^Train( on)?$/ });
    this.pause = bar.getByRole('button', { name: 'Pause' });
    this.step = bar.getByRole('button', { name: 'Step', exact: true });
    this.rewind = bar.getByRole('button', { name: 'Rewind' });
    this.status = bar.getByRole('status');
    this.regions = page.getByTestId('regions');
    this.printout = page.getByRole('group').filter({ has: page.getByRole('table', { name: 'Printout' }) });
    this.settings = page.getByRole('region', { name: 'Settings' });
    this.timing = page.getByRole('region', { name: 'GPU against CPU' });
    this.plan = page.getByRole('region', { name: 'This run' }).locator('dt:text-is("Plan") + dd');
  }

  /** The worker that trains, the only one, once it has begun. */
  async worker(): Promise<Worker> {
    await expect.poll(() => this.page.workers().length).toBe(1);
    return this.page.workers()[0];
  }

  /** Opens the page and chooses a run, and waits until it can be trained. */
  async open(model: Model, precision: Precision = 'Single'): Promise<void> {
    await this.page.goto('/');
    await this.preset(PRESETS[model]);
    if (precision === 'Double') await this.choose('Precision', 'double');
    await expect(this.status).toContainText('Untrained');
  }

  /** Opens the page with the settings of a link. */
  async openLink(settings: string): Promise<void> {
    await this.page.goto(`/#train?v=1&${settings}`);
  }

  async preset(name: string): Promise<void> {
    await this.settings.getByLabel('Preset').selectOption({ label: name });
  }

  /** Chooses from a list, in a group that may be closed. */
  async choose(name: string, value: string): Promise<void> {
    const list = this.settings.getByLabel(name);
    await this.reveal(list);
    await list.selectOption(value);
  }

  /** Types a number, in a group that may be closed. */
  async enter(name: string, value: string): Promise<void> {
    const field = this.settings.getByRole('spinbutton', { name, exact: true, includeHidden: true });
    await this.reveal(field);
    await field.fill(value);
    await field.press('Enter');
  }

  /** Opens the groups that a control is in, as a person would. */
  async reveal(control: Locator): Promise<void> {
    await expect(control).toHaveCount(1);
    // The outermost group comes first.
    for (const group of await control.locator('xpath=ancestor::details').all()) {
      if (await group.evaluate((element: HTMLDetailsElement) => element.open)) continue;
      await group.locator('summary').first().click();
    }
  }

  async trainToTheEnd(timeout = 100_000): Promise<void> {
    await this.train.click();
    await expect(this.status).toContainText('Finished', { timeout });
  }

  /**
   * Trains until the fastest plan is known. A fast machine ends a run before its tuner, which goes
   * on in the next run.
   */
  async trainUntilTuned(): Promise<void> {
    await expect(async () => {
      await this.trainToTheEnd();
      await expect(this.plan).toContainText(/the fastest of \d+ of \d+ candidates here/, { timeout: 1 });
    }).toPass({ timeout: 240_000 });
  }

  /** Trains for a moment. @returns the step at which it paused */
  async trainAndPause(): Promise<number> {
    const from = await this.figure('step');
    await this.train.click();
    // A whole run takes few seconds, so that a look every second may come too late.
    await expect.poll(() => this.figure('step'), { intervals: [50] }).toBeGreaterThan(from);
    await this.pause.click();
    await expect(this.status).toContainText('Paused');
    return this.figure('step');
  }

  /** Compares the backends. */
  async time(): Promise<void> {
    await this.timing.getByRole('button', { name: 'Time both' }).click();
    await expect(this.timing).toContainText('times as fast');
  }

  /** A figure of the bar as a number, once the bar has it. */
  async figure(
    name: 'step' | 'loss' | 'accuracy' | 'test loss' | 'test accuracy' | 'steps/s',
  ): Promise<number> {
    const figure = this.page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`) });
    const value = figure.locator('xpath=following-sibling::dd');
    await expect(value).toHaveText(/\d/);
    return Number((await value.innerText()).replace(/[,%\s]/g, ''));
  }

  /** The printed losses beside the published ones. */
  async losses(): Promise<{ iteration: number; own: number; published: number; difference: number }[]> {
    const rows = await this.printout.getByRole('row', { name: /^iteration \d+: loss/ }).all();
    return Promise.all(
      rows.map(async (row) => {
        const [own, published, difference] = await row.getByRole('cell').allInnerTexts();
        const iteration = /\d+/.exec(await row.getByRole('rowheader').innerText())?.[0];
        return {
          iteration: Number(iteration),
          own: figureOf(own),
          published: figureOf(published),
          difference: figureOf(difference),
        };
      }),
    );
  }

  /** Pixels that the page is wider than the window. */
  async overflow(): Promise<number> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  }

  /** Training accuracy as printed, and as published. */
  async accuracy(): Promise<string[]> {
    const row = this.printout.getByRole('row', { name: /accuracy/ });
    return (await row.getByRole('cell').allInnerTexts()).slice(0, 2);
  }

  /**
   * How many pixels of the picture have each colour of the classes' regions, and a fingerprint of
   * all pixels.
   */
  async picture(): Promise<{ fills: number[]; fingerprint: number }> {
    return this.regions.evaluate(async (canvas: HTMLCanvasElement) => {
      // The picture is drawn a frame after its words.
      for (let frame = 0; frame < 2; frame++)
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      // Pixels are read from a copy, because reading may change how the browser keeps the canvas.
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const pixels = copy?.getImageData(0, 0, width, height).data ?? [];
      const fills = [0xcd526e, 0xfeefb2, 0x698dc1];
      const counts = [0, 0, 0];
      let fingerprint = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        const colour = (pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2];
        const label = fills.indexOf(colour);
        if (label >= 0) counts[label]++;
        fingerprint = (Math.imul(fingerprint, 31) + colour) | 0;
      }
      return { fills: counts, fingerprint };
    });
  }
}

/** An empty cell is not a figure, though `Number` reads it as 0. */
function figureOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text.replaceAll('−', '-'));
}

/**
 * Runs a script in the training worker before its own. The worker has a navigator of its own, which
 * a script in the page cannot reach.
 */
export async function changeWorker(page: Page, script: string): Promise<void> {
  await page.route('**/worker*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `{ ${script} }\n${await response.text()}` });
  });
}
