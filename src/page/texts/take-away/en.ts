export const en = {
  title: 'Take away',
  close: 'Close',
  tabs: { pictures: 'Pictures', figures: 'Figures', model: 'Model', code: 'Code' },
  reading: 'Reading the present step.',
  nothing: 'There is no run yet to take anything from. Add points, or choose data, and come again.',
  of: (step: string) => `All of this is of step ${step}.`,
  again: 'Read the present step',
  saved: (name: string) => `Saved as ${name}.`,
  inFrame: (name: string) =>
    `${name} is ready. If it does not arrive, this frame lets no files through: open the page in a tab of its own.`,
  copied: 'Copied.',
  notCopied: 'The browser did not allow it. Select the text and copy it.',
  picture: 'Picture',
  oneUnit: 'Output of one unit',
  colours: 'Colours',
  colourNames: { light: 'on white', dark: 'dark' },
  titled: 'Title and figures',
  pictureHint: (width: string) =>
    `PNG is ${width} pixels wide; SVG is sharp at any size. Both hold the settings, and the link to this run, in their metadata.`,
  asPng: 'Save PNG',
  asSvg: 'Save SVG',
  noPicture: 'This picture has not been computed yet.',
  units: 'Units',
  unitsNote:
    'White is 0; blue, or the colour of the class, is above it, orange below. Each column of the network has a scale of its own.',
  unit: (unit: number) => `unit ${unit}`,
  above: 'weight above 0',
  below: 'weight below 0',
  scale: 'value from −1 to 1',
  testPoint: 'test points are hollow',
  truth: 'true class',
  predicted: 'predicted class',
  figuresHint: (count: string) => `The ${count} points of the curves, with all their digits.`,
  copyFigures: 'Copy figures',
  saveFigures: 'Save CSV',
  modelHint:
    'The trained network, which takes the same inputs as here and needs neither this page nor the data.',
  formats: {
    safetensors: {
      name: 'safetensors',
      use: 'to go on training: weights, moments, step and settings, bit for bit; Python reads the weights',
    },
    onnx: {
      name: 'ONNX',
      use: 'to predict in other programs, and on phones and servers: raw inputs in, label and probabilities out',
    },
    npz: { name: 'NumPy (npz)', use: 'the weights as arrays for Python: np.load' },
    json: { name: 'JSON', use: 'a text to read, for a program of your own or spiralnet' },
    js: { name: 'JavaScript', use: 'one function that predicts, without any library' },
  },
  writing: 'Writing the file.',
  noModel: 'The run has failed, and its network with it. Rewind first.',
  code: {
    languages: 'Language',
    names: { numpy: 'NumPy', pytorch: 'PyTorch', spiralnet: 'spiralnet' },
    hints: {
      numpy:
        'Makes the same data, starts from the same weights and prints the same losses, in double precision. Runs with: python3',
      pytorch:
        'Makes the same data, starts from the same weights and prints the same losses, in double precision. Runs with: python3',
      spiralnet: 'Repeats this run with the library, in Node or on a page.',
    },
    reads: (file: string) => `It reads ${file}: put both into one folder.`,
    single: 'This run is in single precision, so its last digits differ; choose double precision to compare.',
    copy: 'Copy code',
    save: 'Save code',
    none: 'There is no script of this run.',
    rows: (numbers: string) =>
      `It would have to contain its rows, at most 6,000 numbers, and there are ${numbers}. A script reads rows of a CSV file from that file.`,
  },
};

export type TakeAwayTexts = typeof en;
