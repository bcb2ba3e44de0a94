import type { Texts } from './en.ts';

export const ko: Texts = {
  title: 'spiralnet – GPU에서 학습하는 신경망',
  views: { train: '학습', inside: '내부', benchmark: '벤치마크' },
  partMissing: '페이지의 이 부분을 불러오지 못했습니다. 새로 고쳐 다시 시도하세요.',
  viewsLabel: '화면',
  footer: {
    before: '처음 두 예제의 데이터와 설정, 공개된 수치는 ',
    link: 'CS231n 노트의 사례 연구',
    after: '에서 가져왔습니다. 모든 계산은 이 페이지 안에서만 이루어집니다.',
  },
  header: {
    theme: '테마',
    themes: { system: '시스템', light: '밝게', dark: '어둡게' },
    language: '언어',
    help: '도움말과 단축키',
    cpu: 'CPU · GPU 없음',
    cpuChosen: 'CPU',
    software: '소프트웨어, GPU 아님',
    unnamed: '이름 없는 어댑터',
  },
  arithmetic: { single: 'float32', cpu: 'float64', gpu: 'double-single 연산' },
  bar: {
    label: '학습 제어',
    train: '학습',
    trainOn: '더 학습',
    trainOnHint: (steps) => `${steps}스텝 더 학습합니다`,
    trainHint: '멈춤 조건에 이를 때까지 학습합니다',
    pause: '멈춤',
    pauseHint: '한 스텝을 마치고 멈춥니다',
    step: '스텝',
    stepHint: '한 번 갱신합니다',
    epoch: '에포크',
    epochHint: '모든 점을 한 번씩 볼 만큼 갱신합니다',
    steps: (count) => `${count}스텝`,
    stepsLabel: '한 번에 진행할 스텝 수',
    stepsGo: '진행',
    stepsHint: '이만큼 갱신합니다',
    rewind: '되감기',
    rewindHint: '같은 초기 가중치로 돌아갑니다',
    copyLink: '링크 복사',
    copied: '링크를 복사했습니다.',
    notCopied: '브라우저가 허용하지 않았습니다. 여기서 복사하세요:',
    link: '링크',
    atEnd: '학습이 끝났습니다. 되감거나 멈춤 조건을 바꾸세요.',
    atStart: '이미 처음 상태입니다.',
    starting: '곧 학습을 시작합니다.',
    pauseFirst: '한 스텝씩 진행하려면 먼저 멈추세요.',
    rewindFirst: '먼저 되감으세요.',
    answerFirst: '먼저 질문에 답하세요.',
    noPoints: '아직 배울 점이 없습니다.',
    progress: '학습 진행',
    figures: {
      step: '스텝',
      loss: '손실',
      accuracy: '정확도',
      testLoss: '시험 손실',
      testAccuracy: '시험 정확도',
      speed: '스텝/초',
    },
    under: (step, loss, accuracy) => `${step}스텝: 손실 ${loss}, 정확도 ${accuracy}.`,
    standing: (loss, accuracy) => `손실 ${loss}, 정확도 ${accuracy}.`,
    left: (seconds) => `약 ${seconds}초 남음`,
    minutesLeft: (minutes) => `약 ${minutes}분 남음`,
    cancel: '취소',
    cancelHint: '이 신경망을 열지 않습니다',
    opening: (parameters, seconds) => `매개변수 ${parameters}개, ${seconds}초째`,
    openingLabel: '신경망 열기',
    slowStep: (parameters, seconds) => `매개변수 ${parameters}개: 여기서는 한 스텝에 약 ${seconds}초`,
    stepLabel: '그 추정에 따른 현재 스텝의 진행',
    openFirst: '먼저 “되감기”로 신경망을 여세요.',
  },
  question: {
    trains: (steps, card, processor) =>
      `이 링크는 신경망을 ${steps}스텝 학습합니다. 빠른 그래픽 카드로 아주 대략 ${card}, 그래픽 카드 없이 ${processor} 걸립니다. 언제든지 멈출 수 있습니다.`,
    opens: (card, processor) =>
      `이 링크는 큰 신경망을 엽니다. 첫 그림들을 그리기까지 빠른 그래픽 카드로 아주 대략 ${card}, 그래픽 카드 없이 ${processor} 걸립니다.`,
    train: '학습하기',
    open: '열기',
    onlyOpen: '열기만 하기',
  },
  status: (status, step, last, stopped) => {
    switch (status) {
      case 'asking':
        return '답을 기다립니다.';
      case 'preparing':
        return '준비하고 있습니다.';
      case 'cancelled':
        return '취소했습니다. “학습” 또는 “되감기”를 누르면 다시 엽니다.';
      case 'empty':
        return '아직 점이 없습니다. “추가”와 클래스를 고른 뒤 평면을 클릭하세요.';
      case 'untrained':
        return last ? `학습 전입니다. 전체는 ${last}스텝입니다.` : '학습 전입니다.';
      case 'starting':
        return '시작합니다.';
      case 'training':
        return last ? `${last}스텝까지 학습하고 있습니다.` : '학습하고 있습니다.';
      case 'paused':
        return last ? `${last}스텝 중 ${step}스텝에서 멈췄습니다.` : `${step}스텝에서 멈췄습니다.`;
      case 'finished':
        return `${step}스텝에서 끝났습니다${stopped === 'step' || !stopped ? '' : ` (${ko.stopped[stopped]})`}.`;
    }
  },
  pausing: '이번 스텝이 끝나면 멈춥니다.',
  noPoints: '아직 점이 없습니다. “학습” 화면에서 추가하세요.',
  failed: {
    diverged: (step) => `${step}스텝에서 발산했습니다. 되감고 학습률이나 L2를 낮추세요.`,
    plan: '이 실행 계획으로는 계산할 수 없습니다. “자동”을 고르세요.',
    lost: 'GPU를 잃었습니다. 되감아 다시 학습하세요.',
    memory: '메모리가 모자랍니다. 유닛 수를 줄이거나, 다른 페이지를 닫고 되감으세요.',
    unsupported: '이 GPU로는 배정밀도를 쓸 수 없습니다. 단정밀도를 고르세요.',
    shader: 'GPU가 요청을 거절했습니다. 브라우저와 드라이버를 새 판으로 바꾸세요.',
    worker: '학습이 멈췄습니다. 페이지를 새로 고치세요.',
    unknown: '중단되었습니다. 되감거나 페이지를 새로 고치세요.',
  },
  stopped: {
    step: '마지막 스텝',
    loss: '손실이 충분히 낮아짐',
    accuracy: '정확도가 충분히 높아짐',
    patience: '손실이 더 나아지지 않음',
  },
  rewound: (settings) =>
    `되감았습니다: ${settings.length > 2 ? '' : `${settings.join(', ')} `}설정이 바뀌었습니다.`,
  noGpu: {
    none: '이 브라우저에는 WebGPU가 없습니다.',
    insecure: 'WebGPU에는 보안 연결(https)이 필요한데 이 페이지는 그렇지 않습니다.',
    adapter: 'WebGPU는 있지만 쓸 수 있는 그래픽 어댑터를 찾지 못했습니다.',
    device: 'WebGPU는 있지만 장치를 내주지 못했습니다.',
    silent: 'WebGPU는 있지만 10초 동안 답이 없습니다. 나중에 답하면 다음 학습부터 씁니다.',
    driver: 'WebGPU는 있지만 이 페이지가 그것으로 학습할 수 없습니다.',
    lost: '브라우저가 GPU를 잃었고, 대신할 장치가 없습니다.',
    chosen: '“학습” 설정에서 골랐습니다.',
  },
  onCpu: '그래서 CPU에서 학습하며, 비교할 GPU가 없습니다.',
  inDetail: '자세한 내용(영어):',
  recovered: (backend, step) =>
    '브라우저가 GPU를 잃었습니다(컴퓨터가 절전에 들거나 드라이버가 다시 시작되면 일어나는 일입니다). ' +
    (backend === 'webgpu'
      ? `${step}스텝에서 새 장치로 학습을 이어 갔으며, 수치는 그대로입니다.`
      : `대신할 장치가 없어 ${step}스텝부터 CPU에서 학습을 이어 갔습니다.`),
  remarks: (remark) => {
    switch (remark.what) {
      case 'unknown':
        return `링크에서 이 페이지가 모르는 설정을 무시했습니다: “${remark.name}”.`;
      case 'malformed':
        return `링크의 “${remark.name}” 값은 이 페이지가 받을 수 없는 값이라 무시했습니다.`;
      case 'more':
        return `그 밖에 링크의 ${remark.count.toLocaleString('ko')}개 부분도 무시했습니다.`;
      case 'version':
        return '다른 판에서 만든 링크입니다. 알아볼 수 있는 것만 썼습니다.';
      case 'long':
        return '이 페이지의 링크라기에는 너무 길어 무시했습니다.';
    }
  },
  problems: {
    happened: (problem) => {
      switch (problem.kind) {
        case 'diverged':
          return `${problem.step.toLocaleString('ko')}스텝에서 학습이 발산했습니다. 한 번에 너무 크게 움직여 수가 컴퓨터로 나타낼 수 없을 만큼 커졌습니다.`;
        case 'plan':
          return '고른 실행 계획은 이 신경망을 계산할 수 없습니다.';
        case 'lost':
          return '브라우저가 GPU를 잃었습니다. 컴퓨터가 절전에 들거나 드라이버가 다시 시작되면 일어나는 일입니다.';
        case 'memory':
          return '이 신경망을 담을 메모리가 모자라거나, 신경망이 장치의 한계보다 큽니다.';
        case 'unsupported':
          return '이 GPU나 드라이버는 WebGPU가 정한 대로 배정밀도를 계산하지 않습니다.';
        case 'shader':
          return 'GPU가 이 페이지의 요청을 거절했습니다. 이 페이지의 잘못입니다.';
        case 'frame':
          return '벤치마크에는 워커가 필요한데 이 프레임에서는 쓸 수 없습니다.';
        case 'worker':
          return '학습을 맡은 부분이 시작되지 못했거나 멈췄습니다.';
        case 'unknown':
          return '이 페이지가 알지 못하는 까닭으로 학습이 멈췄습니다.';
      }
    },
    kept: (problem) => {
      if (problem.kind === 'plan') return `라이브러리의 설명(영어): ${problem.detail}`;
      if (problem.kind === 'unsupported') return '잃은 것은 없습니다. 단정밀도는 쓸 수 있습니다.';
      if (problem.kind === 'frame') return '학습은 여기서도 할 수 있습니다.';
      if (problem.kind === 'worker') return '그때까지 그린 것은 남아 있습니다.';
      if (problem.kind === 'diverged') return '곡선은 마지막으로 잴 수 있었던 손실까지 그렸습니다.';
      return '지금까지 그린 것은 남아 있습니다.';
    },
    advice: {
      diverged: '되감아 초기 가중치로 돌아간 뒤 학습률이나 L2를 낮추세요.',
      plan: '실행 계획을 “자동”으로 고르세요.',
      lost: '되감으면 초기 가중치부터 다시 학습합니다. 그래도 안 되면 페이지를 새로 고치세요.',
      memory: 'GPU를 쓰는 다른 페이지를 닫거나 유닛 수를 줄인 뒤 되감으세요.',
      unsupported: '단정밀도를 고르세요.',
      shader: '브라우저와 그래픽 드라이버를 새 판으로 바꾸고, 그래도 안 되면 알려 주세요.',
      frame: '이 페이지를 새 탭에서 여세요:',
      worker: '페이지를 새로 고치고, 다시 일어나면 알려 주세요.',
      unknown: '되감거나 페이지를 새로 고치고, 다시 일어나면 알려 주세요.',
    },
    putBack: '설정은 되돌렸고 학습은 그대로입니다.',
  },
  groups: { preset: '예제', data: '데이터', network: '신경망', training: '학습', stop: '멈춤과 속도' },
  settingsLabel: '설정',
  accepted: (min, max, whole) => `${min}에서 ${max} 사이의 ${whole ? '정수' : '수'}여야 합니다.`,
  grouped: '천 단위를 쉼표나 점으로 나누지 마세요.',
  settings: {
    shape: { label: '데이터 모양', hint: '무엇을 구별할지' },
    classes: { label: '클래스 수', hint: '점이 몇 종류인지' },
    perClass: { label: '클래스당 점 수', hint: '종류마다 몇 개를 뽑을지' },
    noise: { label: '잡음', hint: '점이 제자리에서 벗어나는 정도' },
    dataSeed: { label: '데이터 시드', hint: '다른 수를 쓰면 다른 점을 뽑습니다' },
    testShare: { label: '시험 비율', hint: '학습하지 않고 시험에만 쓰는 부분' },
    edits: { label: '직접 바꾼 점', hint: '' },
    hidden: { label: '은닉층', hint: '없으면 선형 분류기입니다' },
    initialization: { label: '초기 가중치', hint: '어떻게 뽑을지' },
    deviation: { label: '표준편차', hint: '정규분포의 표준편차, 노트에서는 0.01' },
    weightSeed: { label: '가중치 시드', hint: '다른 수를 쓰면 다른 가중치를 뽑습니다' },
    learningRate: { label: '학습률', hint: '한 스텝의 크기, 바로 적용됩니다' },
    l2: { label: 'L2', hint: '가중치를 0으로 당기는 힘, 바로 적용됩니다' },
    optimizer: { label: '최적화 방법', hint: '기울기로 어떻게 갱신할지' },
    momentum: { label: '모멘텀', hint: '지난 갱신이 이어지는 비율' },
    batchSize: { label: '배치 크기', hint: '한 스텝이 보는 점 수, 0이면 모두' },
    precision: { label: '정밀도', hint: '배정밀도는 더 느립니다' },
    backend: { label: '실행 장치', hint: '무엇으로 계산할지' },
    plan: { label: '실행 계획', hint: '한 스텝을 GPU 커널로 나누는 방법' },
    stopStep: { label: '멈출 스텝', hint: '0이면 멈추지 않습니다' },
    stopLoss: { label: '멈출 손실', hint: '시험 점이 있으면 그 손실, 0이면 쓰지 않음' },
    stopAccuracy: { label: '멈출 정확도', hint: '0에서 1, 시험 점이 있으면 그 정확도, 0이면 쓰지 않음' },
    patience: { label: '나아지지 않으면 멈춤', hint: '몇 스텝 동안 기다릴지, 0이면 쓰지 않음' },
    speed: { label: '속도', hint: '초당 스텝 수, 0이면 가장 빠르게' },
  },
  shapes: {
    spiral: '나선',
    circles: '동심원',
    moons: '반달',
    blobs: '덩어리',
    xor: '배타적 논리합',
    chequerboard: '바둑판무늬',
    own: '직접 찍은 점만',
  },
  starts: {
    notes: '노트와 같게 (0.01)',
    normal: '정규분포',
    he: 'He, √(2 / 입력 수)',
    glorot: 'Glorot, √(2 / (입력 수 + 출력 수))',
  },
  optimizers: { sgd: '경사 하강법', momentum: '모멘텀 사용', adam: 'Adam' },
  precisions: { single: '단정밀도, 약 7자리', double: '배정밀도, 약 14자리 이상' },
  backends: { auto: 'GPU가 있으면 GPU', cpu: 'CPU' },
  plans: {
    auto: '자동',
    layered: 'layered: 연산마다 커널 하나',
    fused: 'fused: 스텝마다 적은 커널',
    resident: 'resident: 커널 하나로 여러 스텝',
  },
  layers: {
    layer: (number) => `${number}번 층`,
    units: '유닛',
    add: '층 추가',
    remove: (number) => `${number}번 층 빼기`,
    most: '은닉층은 여섯 개까지입니다.',
  },
  presetLabel: '예제',
  presetOwn: '직접 정한 설정',
  presetChanged: (name) => `${name} (바꿈)`,
  presetChanges: (what) => `바꾼 것: ${what}.`,
  presetBack: '예제로 되돌리기',
  presets: {
    network: {
      name: '노트의 2층 신경망',
      look: '경계는 천 스텝 안에 나선 팔을 따라 휩니다. 10,000스텝에 이르면 정확도가 노트와 같은 98\u00a0%가 됩니다. 손실이 어디까지 같은지는 정밀도에 달려 있습니다.',
    },
    linear: {
      name: '노트의 선형 분류기',
      look: '이 분류기는 곧은 경계 세 개밖에 긋지 못합니다. 아무리 오래 학습해도 점의 절반은 잘못된 쪽에 남습니다.',
    },
    overfit: {
      name: '점 스무 개를 외우기',
      look: '학습 손실은 0으로 가는데 시험 손실은 올라갑니다. 신경망이 점 스무 개를 외운 것입니다. L2를 0.03으로 올리면 둘이 가까워집니다.',
    },
    rate: {
      name: '너무 큰 학습률',
      look: '스텝마다 지나치게 움직여 손실이 가라앉지 않고 계속 튑니다. 학습하는 동안 학습률을 0.5로 낮추면 가라앉습니다.',
    },
    dead: {
      name: '죽은 유닛',
      look: '처음 몇 스텝이 대부분의 유닛을 모든 점에서 0인 곳으로 밀어냅니다. “층”에서 그 비율을 보세요. 기울기를 받지 못하니 다시 살아나지 않습니다.',
    },
    zero: {
      name: '모든 가중치가 0',
      look: '모든 유닛이 같은 값을 계산하므로 기울기로는 서로 달라질 수 없습니다. 클래스마다 점의 수가 같으면 마지막 층의 편향조차 움직이지 않아 손실은 ln 3에 머뭅니다.',
    },
    deep: {
      name: '깊고 좁은 신경망',
      look: '유닛 네 개짜리 층 네 개가 평면을 차례로 접습니다. 그림을 왼쪽에서 오른쪽으로 따라가 보세요. 가중치 시드를 바꾸어 보세요. 0이면 끝내 배우지 못합니다.',
    },
    adam: {
      name: '경사 하강법 대신 Adam',
      look: 'Adam은 가중치마다 다른 크기로 움직여 시작점을 바로 벗어납니다. 300스텝의 손실을 적어 두고 경사 하강법을 골라 다시 보세요.',
    },
  },
  regions: {
    title: '결정 영역',
    unitTitle: (unit) => `${unit}의 출력`,
    description: (train, test) =>
      `학습 점 ${train}개${test ? `와 시험 점 ${test}개` : ''}가 모델이 클래스마다 나눈 영역 위에 있습니다.`,
    unitDescription: (unit, most) =>
      `평면 위 ${unit}의 출력: 0이면 흰색이고 클수록 진하며, 가장 큰 값은 ${most}입니다.`,
    range: (x, y) => `x ${x}, y ${y}`,
    coarse: (nodes) => `신경망이 커서 ${nodes} × ${nodes}곳에서만 계산했습니다`,
    values: (from, to) => `흰색은 0이고, 값은 ${from}에서 ${to}까지입니다`,
    nothing: '죽은 유닛: 그림 어디서나 0입니다',
    reach: (from, to) => `${from} ~ ${to}`,
    className: (label) => `클래스 ${label}`,
    test: '속이 빈 것은 시험 점',
    confidence: '확신에 따라 진하게',
    edit: '점 편집',
    modes: { look: '보기', add: '추가', move: '옮기기', remove: '지우기' },
    modeHints: {
      look: '클릭으로 할 일을 고르세요. Alt와 함께 클릭하면 점을 지웁니다.',
      add: '클릭하면 고른 클래스의 점이 생기고, 점을 끌면 옮겨집니다.',
      move: '점을 끌거나, 점 위에서 Enter를 누르고 놓을 곳에서 다시 누르세요.',
      remove: '점을 클릭하면 지워집니다.',
    },
    full: '변경은 1,000개까지만 담을 수 있습니다. 몇 개를 되돌리거나 다른 데이터를 고르세요.',
    classOf: '클래스',
    undo: '되돌리기',
    undoHint: '점에 한 마지막 변경을 되돌립니다',
    nothingToUndo: '바꾼 점이 없습니다.',
    cursor: (x, y, near) => `x ${x}, y ${y}${near}`,
    near: (label) => `, 클래스 ${label}의 점 위`,
    keys: '화살표 키로 커서를 움직이고, Shift를 누르면 조금씩 움직입니다. Enter는 고른 일을 합니다.',
  },
  network: {
    title: '신경망',
    input: (name) => `입력 ${name}`,
    unit: (layer, unit) => `은닉층 ${layer}의 유닛 ${unit}`,
    output: (label) => `클래스 ${label}의 확률`,
    inputs: '입력',
    hidden: (layer) => `은닉층 ${layer}`,
    outputs: '클래스',
    shown: (shown, width) => `유닛 ${width}개 중 ${shown}개`,
    units: (width) => `유닛 ${width}개`,
    legend:
      '선은 가중치입니다. 0보다 크면 파랑, 작으면 주황, 클수록 굵습니다. 유닛을 가리키면 크게 보이고, 클릭하면 그대로 남습니다.',
    table: '보이는 유닛 사이의 가중치',
    from: '어디서',
    waiting: '유닛의 그림은 곧 나타납니다.',
    dead: (layer) =>
      `은닉층 ${layer}의 유닛이 모두 죽었습니다. 모든 학습 점에서 출력이 0이라 기울기를 받지 못합니다. 되감은 뒤 학습률을 낮추거나 초기 가중치를 다르게 뽑으세요.`,
  },
  curves: {
    title: '곡선',
    loss: '손실',
    accuracy: '정확도',
    step: '스텝',
    train: '학습',
    test: '시험',
    published: '공개된 값',
    log: '로그 눈금',
    smoothing: '부드럽게',
    smoothingHint: '점 몇 개를 평균할지',
    description: (what) => `스텝에 따른 ${what}. 수치는 아래 표에 있습니다.`,
    table: '곡선의 수치',
    jumps: '스텝마다 지나치게 움직여 손실이 계속 튑니다. 학습률을 낮추세요.',
  },
  printout: {
    title: '출력',
    inDouble: '배정밀도로 학습하기',
    caption:
      '각 갱신 직전의 손실을 이번 학습과 노트의 출력으로 나란히 보입니다. 처음으로 다른 자리부터 밑줄을 그었습니다.',
    iteration: 'iteration',
    loss: ': loss',
    here: '여기',
    published: '노트',
    difference: '차이',
    training: 'training ',
    accuracy: 'accuracy:',
    all: (same, of) => `손실 ${of}개 중 ${same}개가 노트와 똑같이 출력됩니다.`,
    first: (same) => `첫 손실이 노트와 ${same ? '똑같이 출력됩니다' : '다르게 출력됩니다'}.`,
    soFar: (same, of) => `지금까지 ${of}개 중 ${same}개가 노트와 똑같이 출력됩니다.`,
    remarks: {
      single: {
        linear:
          '노트는 배정밀도로, 이 학습은 단정밀도로 계산했습니다. 수는 float32이며 약 7자리를 지닙니다. 이 모델이 내려가는 길에서는 반올림 차이가 커지지 않아 손실이 출력의 마지막 자리쯤까지 같습니다.',
        network:
          '노트는 배정밀도로, 이 학습은 단정밀도로 계산했습니다. 수는 float32이며 약 7자리를 지닙니다. 학습은 안장점 근처에서 시작하고, 거기서 벗어날 때 반올림 차이가 커집니다. 그래서 iteration 1000의 손실은 장치가 반올림하는 방식과 더하는 순서에 따라, 재어 본 바로는 0.29에서 0.65 사이가 됩니다. 그 뒤로 학습이 가라앉으면서 다시 가까워집니다.',
      },
      double: {
        linear: '그러면 반올림 차이는 출력되는 자릿수보다 훨씬 작습니다.',
        network:
          '안장점을 벗어날 때 반올림 차이가 여전히 커지지만, 워낙 작은 데서 시작하므로 출력되는 자리보다 작습니다. 마지막 자리만은 더하는 순서에 달려 있으며 노트의 값에서 5e-6 안에 있습니다.',
      },
      cpu: '수는 노트의 프로그램처럼 float64이며 약 16자리를 지닙니다.',
      gpu: '수는 float32 두 개의 합이며 약 14자리를 지닙니다. WebGPU에는 float64가 없습니다.',
    },
  },
  confusion: {
    title: '혼동 행렬',
    train: '학습 점',
    test: '시험 점',
    corner: '실제 ↓, 예측 →',
    none: '곧 나타납니다.',
  },
  norms: {
    title: '층',
    caption: (step) =>
      `${step}스텝에서 가중치의 노름, 모든 학습 점에 대한 손실 기울기의 노름, 가중치에 견준 갱신의 크기입니다. 갱신은 1e−3쯤이 보통입니다. 죽은 유닛은 모든 학습 점에서 0입니다.`,
    layer: '층',
    weights: '가중치',
    gradient: '기울기',
    ratio: '갱신 / 가중치',
    dead: '죽은 유닛',
    last: '클래스',
  },
  about: {
    title: '이번 학습',
    model: '모델',
    data: '데이터',
    training: '학습',
    precision: '정밀도',
    plan: '실행 계획',
    where: '실행 장치',
    parameters: (sizes, count) => `${sizes}, 매개변수 ${count}개`,
    points: (train, test, classes) =>
      `학습 점 ${train}개${test ? `, 시험 점 ${test}개` : ''}, 클래스 ${classes}개`,
    batch: (rows) => (rows ? `스텝마다 점 ${rows}개` : '스텝마다 모든 점'),
    inFull: {
      single: '단정밀도: float32, 약 7자리',
      cpu: '배정밀도: float64, 약 16자리',
      gpu: '배정밀도: double-single 연산, 수마다 float32 두 개의 합, 약 14자리',
    },
    loops: '단순한 반복문',
    cpu: 'CPU.',
    webgpu: (name) => `${name}, WebGPU`,
    software: '. GPU가 아니라 CPU에서 도는 소프트웨어 어댑터입니다. 이 속도로는 GPU의 속도를 알 수 없습니다.',
  },
  timing: {
    title: 'GPU와 CPU',
    nothing: 'CPU에서만 학습하므로 비교할 것이 없습니다.',
    what: {
      single: '같은 신경망을 같은 가중치에서 둘 다 단정밀도로, 이 컴퓨터에서 번갈아 잽니다.',
      double:
        '같은 신경망을 같은 가중치에서 둘 다 배정밀도로(GPU는 double-single 연산, CPU는 float64), 이 컴퓨터에서 번갈아 잽니다.',
    },
    cancel: '재기 그만두기',
    start: '둘 다 재기',
    progress: '재는 중',
    warming: '예열',
    round: (round, rounds) => `${rounds}회 중 ${round}회`,
    pauseFirst: '먼저 멈추세요. 학습하는 동안 재면 느려집니다.',
    failed: '잰 값이 없습니다.',
    caption: (rounds) => `초당 스텝 수, 각 ${rounds}회`,
    backend: '장치',
    median: '중앙값',
    spread: '가장 느린 것 ~ 가장 빠른 것',
    lossAt: (step) => `${step}스텝의 손실`,
    range: (from, to) => `${from} ~ ${to}`,
    gpuFaster: (times) => `이 신경망에서는 GPU가 CPU보다 ${times}배 빠릅니다.`,
    cpuFaster: (times) => `이 신경망에서는 CPU가 GPU보다 ${times}배 빠릅니다.`,
    differ: (steps, difference) => `${steps}스텝 뒤 두 손실의 차이는 ${difference}입니다.`,
    software: (name) =>
      `이 어댑터(${name})는 GPU가 아니라 CPU에서 도는 프로그램입니다. CPU에서 계산하는 두 방법을 비교한 셈입니다.`,
  },
  help: {
    title: '도움말',
    intro:
      '“학습”을 누르면 신경망이 클래스를 구별하는 법을 배우고 모든 그림이 따라 바뀝니다. 설정은 무엇이든 바꿀 수 있으며, 도중에 바꿀 수 없는 것은 처음부터 다시 시작하게 합니다. 주소에 모든 설정이 들어 있어 링크를 열면 어디서나 같은 학습을 볼 수 있습니다.',
    shortcuts: '단축키',
    enabled: '글자 키를 단축키로 쓰기',
    keys: {
      train: '학습 또는 멈춤',
      step: '한 스텝',
      epoch: '한 에포크',
      rewind: '되감기',
      undo: '점에 한 마지막 변경 되돌리기',
      help: '이 도움말',
    },
    close: '닫기',
  },
};
