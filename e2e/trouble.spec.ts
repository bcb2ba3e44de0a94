import { expect, test } from './fixture.ts';
import { changeWorker, TrainingPage } from './training-page.ts';

test('without WebGPU the page says so and trains on the CPU to the same figures', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'gpu'));
  await changeWorker(page, "Reflect.deleteProperty(WorkerNavigator.prototype, 'gpu');");
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  expect(await page.evaluate(() => 'gpu' in navigator)).toBe(false);
  expect(await (await training.worker()).evaluate(() => 'gpu' in navigator)).toBe(false);

  await expect(page.getByText('This browser has no WebGPU. Training runs on the CPU')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('CPU · no GPU');
  await expect(training.timing).toContainText('nothing to compare');
  const untrained = await training.picture();
  await training.trainToTheEnd();
  const losses = await training.losses();
  expect(losses).toHaveLength(20);
  for (const { difference } of losses) expect(Math.abs(difference)).toBeLessThanOrEqual(2e-6);
  expect(await training.accuracy()).toEqual(['0.49', '0.49']);
  expect((await training.picture()).fingerprint).not.toBe(untrained.fingerprint);
});

test('without a graphics adapter training on the CPU can be paused, stepped and rewound', {
  tag: '@all',
}, async ({ page }) => {
  await changeWorker(page, 'GPU.prototype.requestAdapter = async () => null;');
  const training = new TrainingPage(page);
  await training.openLink('hidden=100&steps=0');
  await expect(training.status).toContainText('Untrained');
  await expect(page.getByText('it found no graphics adapter that it can use.').first()).toBeVisible();
  const picture = await training.picture();
  const paused = await training.trainAndPause();
  await training.step.click();
  await expect.poll(() => training.figure('step')).toBe(paused + 1);
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained');
  expect(await training.picture()).toEqual(picture);
});

const WEBGPU = /SwiftShader.* · WebGPU/;

for (const [i, [what, script, detail]] of [
  [
    'is not looked for',
    "GPU.prototype.requestAdapter = async () => { throw new DOMException('the driver has failed', 'OperationError'); };",
    'the driver has failed',
  ],
  [
    'gives no device',
    "GPUAdapter.prototype.requestDevice = async () => { throw new DOMException('no device today', 'OperationError'); };",
    'no device today',
  ],
].entries())
  test(`an adapter that ${what} leaves the run to the CPU, with the browser’s words`, {
    tag: i > 0 ? '@all' : [],
  }, async ({ page }) => {
    await changeWorker(page, script);
    const training = new TrainingPage(page);
    await training.open('Linear classifier');
    await expect(page.locator('.notice')).toContainText(
      'it failed to give a device. Training runs on the CPU',
    );
    await expect(page.locator('.notice [lang=en]')).toHaveText(detail);
    await training.trainToTheEnd();
  });

test('a browser that does not answer leaves the run to the CPU; a late answer is used by the next run', async ({
  page,
}) => {
  await changeWorker(
    page,
    `const request = GPU.prototype.requestAdapter;
     const gate = new Promise((resolve) => { self.answer = resolve; });
     GPU.prototype.requestAdapter = async function (...options) { await gate; return request.apply(this, options); };`,
  );
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await expect(page.locator('.notice')).toContainText('has not answered for 10 seconds');
  await training.trainToTheEnd();
  // The browser still does not answer, and nobody waits for it again.
  await training.rewind.click();
  await expect(training.status).toContainText('Untrained', { timeout: 9000 });
  await (await training.worker()).evaluate(() => Reflect.get(self, 'answer')());
  await expect(async () => {
    await training.step.click();
    await training.rewind.click();
    await expect(page.getByRole('banner')).toContainText(WEBGPU, { timeout: 3000 });
  }).toPass();
  await expect(page.locator('.notice')).toHaveCount(0);
  await training.trainToTheEnd();
});

test('an adapter that comes at the second request is used by the next run', { tag: '@all' }, async ({
  page,
}) => {
  await changeWorker(
    page,
    `const request = GPU.prototype.requestAdapter;
     GPU.prototype.requestAdapter = async function (...options) { return self.ready ? request.apply(this, options) : null; };`,
  );
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await expect(page.locator('.notice')).toContainText('it found no graphics adapter that it can use.');
  await (await training.worker()).evaluate(() => Reflect.set(self, 'ready', true));
  await training.preset('Two-layer network of the notes');
  await expect(page.getByRole('banner')).toContainText(WEBGPU);
  await expect(page.locator('.notice')).toHaveCount(0);
});

test('an adapter of an older system is used', { tag: '@all' }, async ({ page }) => {
  await changeWorker(
    page,
    `const request = GPU.prototype.requestAdapter;
     GPU.prototype.requestAdapter = async function (options) {
       return options?.featureLevel === 'compatibility' ? request.call(this, { powerPreference: 'high-performance' }) : null;
     };`,
  );
  const training = new TrainingPage(page);
  await training.open('Linear classifier');
  await expect(page.getByRole('banner')).toContainText(WEBGPU);
  await training.trainToTheEnd();
});

for (const [locale, happened] of [
  ['en-US', /this page cannot train with it\. Training runs on the CPU/],
  ['ko-KR', /이 페이지가 그것으로 학습할 수 없습니다.*CPU에서 학습하며/],
] as const)
  test.describe(`a driver, in ${locale}`, () => {
    test.use({ locale });

    for (const [i, [what, script, sentence]] of (
      [
        [
          'computes wrongly',
          `const create = GPUDevice.prototype.createShaderModule;
           GPUDevice.prototype.createShaderModule = function (descriptor) {
             const code = descriptor.code.replaceAll(/(?<![\\w.])exp\\(/g, '1.05 * exp(');
             return create.call(this, { ...descriptor, code });
           };`,
          /^The GPU computes wrong results here: /,
        ],
        [
          'takes no kernel',
          `GPUDevice.prototype.createComputePipelineAsync = async () => {
             throw new GPUPipelineError('out of registers', { reason: 'internal' });
           };`,
          /^The graphics driver does not take the kernels of this network/,
        ],
      ] as const
    ).entries())
      test(`that ${what} leaves the run to the CPU, with the library’s sentence`, {
        tag: locale === 'ko-KR' || i > 0 ? '@all' : [],
      }, async ({ page }) => {
        await changeWorker(page, script);
        const training = new TrainingPage(page);
        await training.openLink('hidden=8&init=he&steps=200');
        await expect(page.locator('.notice')).toContainText(happened);
        await expect(page.locator('.notice [lang=en]')).toHaveText(sentence);
        await expect(page.getByRole('banner')).toContainText('CPU');
        await page.locator('.bar button').first().click();
        await expect(page.locator('.bar').getByRole('status')).toContainText(/Finished|끝났습니다/);
        await expect(page.getByRole('alert')).toHaveCount(0);
      });
  });

/** The sentence of the bar for each way in which a run can fail. */
const FAILURES = {
  plan: ['The plan does not take this network. Choose “automatic”.', /실행 계획.*“자동”을 고르세요/],
  lost: ['The GPU was lost. Rewind to train again.', /GPU를 잃었습니다.*되감/],
  memory: ['Not enough memory. Choose fewer units', /메모리가 모자랍니다.*유닛 수를 줄이/],
  unsupported: ['No double precision on this GPU. Choose single.', /단정밀도를 고르세요/],
  shader: ['The GPU refused the work. Update the browser and its driver.', /새 판으로 바꾸세요/],
  worker: ['Training has broken off. Reload the page.', /멈췄습니다.*새로 고치세요/],
  unknown: ['Stopped. Rewind, or reload the page.', /중단되었습니다\. 되감거나/],
} as const;

for (const [i, locale] of ['en-US', 'ko-KR'].entries())
  test.describe(`failures in ${locale}`, () => {
    test.use({ locale });

    test('the bar says what to do, whatever has failed', { tag: i > 0 ? '@all' : [] }, async ({ page }) => {
      const training = new TrainingPage(page);
      await training.openLink('hidden=8&init=he');
      const status = page.locator('.bar').getByRole('status');
      await expect(status).toContainText(/Untrained|학습 전/);
      for (const [kind, sentences] of Object.entries(FAILURES)) {
        const worker = await training.worker();
        await worker.evaluate(
          (kind) => self.postMessage({ type: 'problem', run: 1, problem: { kind, detail: '' } }),
          kind,
        );
        await expect(status).toContainText(sentences[i]);
      }
    });
  });

test.describe('a lost device', () => {
  const lose = async (training: TrainingPage) =>
    (await training.worker()).evaluate(() => (Reflect.get(self, 'lastDevice') as GPUDevice).destroy());

  test.beforeEach(({ page }) =>
    changeWorker(
      page,
      `const request = GPUAdapter.prototype.requestDevice;
       GPUAdapter.prototype.requestDevice = async function (...options) {
         self.lastDevice = await request.apply(this, options);
         self.devices = (self.devices ?? 0) + 1;
         return self.lastDevice;
       };`,
    ),
  );

  test('is replaced during a run: the page says so, and no figure changes', async ({ page }) => {
    const training = new TrainingPage(page);
    await training.open('Linear classifier', 'Double');
    // A slow run, so that the loss comes during it.
    await training.enter('Speed', '10');
    await expect(training.status).toContainText('Untrained');
    await training.train.click();
    await expect.poll(() => training.figure('step')).toBeGreaterThan(0);
    await lose(training);
    await expect(page.locator('.notice')).toContainText(
      /lost the GPU.*training went on from step \d+ on a new device, with the same numbers/,
    );
    await training.enter('Speed', '0');
    await expect(training.status).toContainText('Finished at step 200');
    const losses = await training.losses();
    expect(losses.length).toBe(20);
    for (const { own, published } of losses) expect(own).toBe(published);
    await expect(page.getByRole('alert')).toHaveCount(0);

    await training.rewind.click();
    await expect(training.status).toContainText('Untrained');
  });

  test('is replaced at the next command if nothing runs', { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    await training.open('Two-layer network');
    await lose(training);
    await training.trainAndPause();
    await expect(page.locator('.notice')).toContainText('on a new device');
    expect((await training.losses())[0].own).toBe(1.098744);
  });

  test('leaves training to the CPU the third time', { tag: '@all' }, async ({ page }) => {
    const training = new TrainingPage(page);
    // The run is long enough on fast machines too.
    await training.openLink('hidden=100&steps=200000');
    await expect(training.status).toContainText('Untrained');
    const devices = async () =>
      (await training.worker()).evaluate(() => Reflect.get(self, 'devices') as number);
    await training.train.click();
    for (const place of ['a new device', 'a new device', 'the CPU']) {
      const step = await training.figure('step');
      await expect.poll(() => training.figure('step')).toBeGreaterThan(step);
      const before = await devices();
      await lose(training);
      await expect(page.locator('.notice')).toContainText(`on ${place}`);
      // The second notice may have the same text as the first.
      if (place !== 'the CPU') await expect.poll(devices).toBe(before + 1);
    }
    await expect(page.getByRole('banner')).toContainText('CPU');
    const step = await training.figure('step');
    await expect.poll(() => training.figure('step')).toBeGreaterThan(step);
    await training.pause.click();
    await expect(training.status).toContainText('Paused');
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});
