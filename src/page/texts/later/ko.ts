import type { LaterTexts } from './en.ts';

export const ko: LaterTexts = {
  file: {
    button: '내 데이터',
    hint: '이 컴퓨터를 떠나지 않는 내 표: 고르거나, 끌어다 놓거나, 붙여넣으세요',
    drop: '파일을 놓으세요. 여기서만 읽고 다른 곳으로 보내지 않습니다.',
    shown: (name, label) => `${name}, 배울 열: “${label}”`,
    pastedName: '붙여넣은 표',
    needs: (name) => `이 링크에 필요한 파일: ${name}`,
    newRows: (name, rows) => `새 데이터: ${name}, ${rows}행.`,
    choose: (name) => `파일 고르기: ${name}`,
  },
  rewound: (settings) =>
    `되감았습니다: ${settings.length > 2 ? '' : `${settings.join(', ')} `}설정이 바뀌었습니다.`,
  features: {
    title: '신경망의 입력',
    chosen: (names) => `입력: ${names}`,
    names: {
      x: 'x',
      y: 'y',
      x2: 'x의 제곱',
      y2: 'y의 제곱',
      xy: 'x 곱하기 y',
      sinx: 'πx의 사인',
      siny: 'πy의 사인',
      r: 'r, 원점에서의 거리',
      angle: 'θ, x축의 양의 방향에서 잰 각(라디안)',
    },
    hint: '바꾸면 처음부터 다시 학습합니다. sin은 −1에서 1까지 한 바퀴 돌고, θ는 −π에서 π까지입니다.',
    last: '입력이 하나는 있어야 합니다.',
  },
  slow: {
    cancelHint: '이 신경망을 열지 않습니다',
    opening: (parameters, seconds) => `매개변수 ${parameters}개, ${seconds}초째`,
    openingLabel: '신경망 열기',
    step: (parameters, seconds) => `매개변수 ${parameters}개: 여기서는 한 스텝에 약 ${seconds}초`,
    stepLabel: '그 추정에 따른 현재 스텝의 진행',
  },
  help: {
    title: '도움말',
    intro:
      '“학습”을 누르면 신경망이 클래스를 구별하는 법을 배우고 모든 그림이 따라 바뀝니다. 단추 아래의 슬라이더로 학습의 어느 스텝이든 되돌아볼 수 있습니다. 설정은 무엇이든 바꿀 수 있으며, 도중에 바꿀 수 없는 것은 처음부터 다시 시작하게 합니다. 주소에 모든 설정이 들어 있어 링크를 열면 어디서나 같은 학습을 볼 수 있습니다.',
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
  editor: {
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
    addValue: '클릭하면 고른 값의 점이 생기고, 점을 끌면 옮겨집니다.',
    valueOf: '값',
    nearValue: (value) => `, 값이 ${value}인 점 위`,
  },
  plane: {
    title: '그림의 평면',
    components: '두 주성분',
    features: '두 특성',
    across: '가로',
    up: '세로',
    component: (number, share) => `${number}번 주성분 (분산의 ${share})`,
    directions: (across, up) => `가로: ${across}, 세로: ${up}`,
    cut: (features) =>
      `${features}차원을 지나는 평면입니다. 다른 방향은 모두 평균이고, 점은 평면에서 가장 가까운 곳에 있습니다. 파일의 행은 여기서 고칠 수 없습니다.`,
    some: '행이 아주 많으면 고르게 골라 일부만 그립니다.',
    noEditing: '파일의 행은 여기서 고칠 수 없습니다.',
  },
  network: {
    title: '신경망',
    input: (name) => `입력 ${name}`,
    unit: (layer, unit) => `은닉층 ${layer}의 유닛 ${unit}`,
    score: (name) => `${name}의 점수`,
    output: (name) => `${name}의 확률`,
    inputs: '입력',
    hidden: (layer) => `은닉층 ${layer}`,
    outputs: '클래스',
    valueHead: '값',
    value: '예측한 값',
    shown: (shown, width) => `유닛 ${width}개 중 ${shown}개`,
    units: (width) => `유닛 ${width}개`,
    shownInputs: (shown, width) => `입력 ${width}개 중 ${shown}개`,
    shownOutputs: (shown, width) => `클래스 ${width}개 중 ${shown}개`,
    pixels: (count) => `픽셀 ${count}개`,
    image: '평균 그림',
    imageOf: (count, size) => `픽셀 ${count}개의 평균 그림, ${size}`,
    legend:
      '선은 가중치입니다. 0보다 크면 파랑, 작으면 주황, 클수록 굵습니다. 유닛을 가리키면 크게 보이고, 클릭하면 그대로 남습니다.',
    table: '보이는 유닛 사이의 가중치',
    from: '어디서',
    waiting: '유닛의 그림은 곧 나타납니다.',
    dead: (layer) =>
      `은닉층 ${layer}의 유닛이 모두 죽었습니다. 모든 학습 점에서 출력이 0이라 기울기를 받지 못합니다. 되감은 뒤 학습률을 낮추거나 초기 가중치를 다르게 뽑으세요.`,
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
  noGpu: {
    none: '이 브라우저에는 WebGPU가 없습니다.',
    insecure: 'WebGPU에는 보안 연결(https)이 필요한데 이 페이지는 그렇지 않습니다.',
    adapter: 'WebGPU는 있지만 쓸 수 있는 그래픽 어댑터를 찾지 못했습니다.',
    device: 'WebGPU는 있지만 장치를 내주지 못했습니다.',
    silent: 'WebGPU는 있지만 10초 동안 답이 없습니다. 나중에 답하면 다음 학습부터 씁니다.',
    driver: 'WebGPU는 있지만 이 페이지가 그것으로 학습할 수 없습니다.',
    lost: '브라우저가 GPU를 잃었고, 대신할 장치가 없습니다.',
    chosen: '“학습” 설정에서 골랐습니다.',
    faster: '열 때 재어 보니 이 신경망은 GPU보다 CPU에서 더 빨리 학습합니다.',
  },
  copying: {
    copied: '링크를 복사했습니다.',
    notCopied: '브라우저가 허용하지 않았습니다. 여기서 복사하세요:',
    link: '링크',
  },
  unitDescription: (title, most) =>
    `평면 위 ${title}: 0이면 흰색이고 클수록 진하며, 가장 큰 값은 ${most}입니다.`,
  cpuFaster: 'CPU · 여기서는 GPU보다 빠름',
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
  time: {
    label: '학습의 스텝',
    hint: '지금까지의 학습을 앞뒤로 봅니다. 화살표 키는 한 스텝, Page Up·Down은 10분의 1, Home·End는 처음과 끝입니다.',
    value: (step: string, end: string) => `지금까지 ${end}스텝 중 ${step}스텝`,
    shown: (step: string, end: string) => `${end}스텝 중 ${step}스텝.`,
    goesOn: '학습하면 여기서 이어 갑니다.',
    toEnd: '끝으로',
    toEndHint: (step: string) => `학습이 멈춘 ${step}스텝으로 돌아갑니다`,
  },
  space: {
    title: '마지막 은닉층이 보는 평면',
    linear: '마지막 층이 받는 평면',
    hint: '마지막 은닉층이 평면의 점과 격자를 옮겨 놓은 자리입니다. 그곳에서는 클래스의 경계가 곧은 선입니다. 학습은 곧은 경계로 충분할 때까지 평면을 구부립니다.',
    over: '그리는 방향',
    borders: '클래스 사이의 방향',
    components: '두 주성분',
    units: '유닛 두 개',
    all: '클래스의 가중치는 이 두 방향에서만 다릅니다. 그래서 점마다 신경망이 준 클래스의 영역에 놓입니다.',
    most: (share: string) =>
      `클래스의 가중치가 가장 많이 다른 두 방향입니다. 모든 차이에서 차지하는 몫은 ${share}입니다. 경계는 평균에서 자른 것입니다.`,
    across: '가로 유닛',
    up: '세로 유닛',
    unitHint: (width: string) => `1부터 ${width}까지`,
    whole: '이 층에는 다른 유닛이 없어 보이는 것이 전부입니다.',
    plane: (share: string, width: string) =>
      `두 주성분의 평면입니다. 출력 ${width}개의 분산에서 차지하는 몫은 ${share}입니다. 데이터가 놓인 방향에 맞추어 돌렸고, 경계는 평균에서 자른 것입니다.`,
    some: (points: string) => `층이 넓어 고르게 고른 점 ${points}개의 주성분입니다.`,
    cut: (width: string) => `경계는 나머지 출력 ${width}개가 평균일 때의 것입니다.`,
    inside: (right: string, all: string) =>
      `여기서는 점 ${all}개 중 ${right}개가 자기 클래스의 영역에 있습니다.`,
    picture: (step: string) => `${step}스텝에서 클래스의 곧은 영역 위에 놓인 점과 격자`,
    range: (across: string, up: string) => `가로 ${across}, 세로 ${up}`,
    flat: '여기서는 모든 점이 한자리에 있습니다.',
    none: '아직 들여다볼 신경망이 없습니다.',
  },
  curves: {
    former: '되돌아가기 전',
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
  finder: {
    start: '학습률 찾기',
    hint: '지금 상태에서 점점 큰 학습률 100개를 시험하며, 학습은 그대로 둡니다',
    pauseFirst: '먼저 멈추세요. 멈춘 자리에서부터 학습률을 찾습니다.',
    cancel: '찾기 그만두기',
    progress: '시험한 학습률',
    failed: '제안할 학습률을 찾지 못했고, 학습은 그대로입니다.',
    title: '학습률에 따른 손실',
    description: (from, to) => `${from}에서 ${to}까지 학습률에 따른 손실. 수치는 아래 표에 있습니다.`,
    rate: '학습률',
    loss: '손실',
    found: (rate, step) =>
      `${step}스텝에서 시작하면 학습률이 약 ${rate}일 때(점) 손실이 가장 빠르게 줄어듭니다. 학습은 그대로입니다.`,
    none: (step) =>
      `${step}스텝에서는 손실이 꾸준히 줄어드는 학습률이 없어 제안이 없습니다. 몇 스텝 더 학습한 뒤 다시 찾으세요.`,
    take: (rate) => `${rate} 쓰기`,
    takeHint: '학습률로 정하며, 일정이 있으면 그 처음 값이 됩니다',
    taken: (rate) => `지금 학습률: ${rate}`,
    table: '시험한 수치',
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
    press: '수를 누르면 그 행들이 보입니다. 화살표 키로 다른 수로 갑니다.',
    cell: (count, label, taken) =>
      label === taken ? `${count}, 실제 ${label}, 맞음` : `${count}, 실제 ${label}, 예측 ${taken}`,
    perClass: '클래스별 정밀도와 재현율',
    perClassHint:
      '정밀도는 그 클래스로 예측한 행 가운데 정말 그 클래스인 비율이고, 재현율은 그 클래스의 행 가운데 그렇게 예측한 비율입니다.',
    class: '클래스',
    rows: '행',
    precision: '정밀도',
    recall: '재현율',
    list: {
      wrong: {
        train: (label, taken) => `학습 행, 실제 ${label}, 예측 ${taken}`,
        test: (label, taken) => `시험 행, 실제 ${label}, 예측 ${taken}`,
      },
      right: {
        train: (label) => `맞힌 학습 행: ${label}`,
        test: (label) => `맞힌 시험 행: ${label}`,
      },
      order: (count, step, wrong) =>
        `${step}스텝에서 ${count}개이고, ${wrong ? '손실이 큰 것' : '덜 확실한 것'}부터 보입니다.`,
      shown: (shown) => `처음 ${shown}개만 보입니다.`,
      more: '더 보기',
      again: '지금 스텝 읽기',
      close: '목록 닫기',
      reading: '계산하고 있습니다.',
      none: '답할 신경망이 없습니다.',
      number: '행',
      table: '이 행들의 특성',
      pressRow: '행 번호를 누르면 내부에서 따라갑니다.',
      row: (row) => `행 ${row}`,
      image: (row) => `행 ${row}의 이미지`,
      features: (count) => `그 밖에 특성 ${count}개`,
      follow: '내부에서 따라가기',
      followRow: (row) => `내부에서 따라가기: 행 ${row}`,
    },
  },
  scatter: {
    title: '예측한 값과 실제 값',
    truth: '실제 값',
    predicted: '예측한 값',
    description:
      '점마다 실제 값에 따른 예측한 값. 대각선 위에서는 둘이 같습니다. 오차의 크기는 아래 문장에 있습니다.',
    errors: (train, test) =>
      `점 하나가 데이터의 점 하나이고, 선 위에 있으면 예측이 맞습니다. 오차의 제곱평균제곱근: 학습 점 ${train}${test ? `, 시험 점(속이 빈 점) ${test}` : ''}.`,
  },
  norms: {
    title: '층',
    caption: (step) =>
      `${step}스텝에서 가중치의 노름, 모든 학습 점에 대한 손실 기울기의 노름, 가중치에 견준 갱신의 크기입니다. 모멘텀과 Adam에서는 지난 갱신, 나머지에서는 모든 점에 대한 다음 갱신입니다. 갱신은 1e−3쯤이 보통입니다. 죽은 유닛은 모든 학습 점에서 0입니다.`,
    layer: '층',
    weights: '가중치',
    gradient: '기울기',
    ratio: '갱신 / 가중치',
    dead: '죽은 유닛',
    last: '클래스',
    value: '값',
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
      `학습 점 ${train}개${test ? `, 시험 점 ${test}개` : ''}, ${classes ? `클래스 ${classes}개` : '점마다 값 하나'}`,
    batch: (rows) => (rows ? `스텝마다 점 ${rows}개` : '스텝마다 모든 점'),
    inFull: {
      single: '단정밀도: float32, 약 7자리',
      cpu: '배정밀도: float64, 약 16자리',
      gpu: '배정밀도: double-single 연산, 수마다 float32 두 개의 합, 약 14자리',
    },
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
    offer: (times, cpu, gpu, name) =>
      `이 신경망의 한 스텝은 CPU에서 ${cpu} ms, 이 어댑터(${name})에서 ${gpu} ms 걸리므로, CPU에서 ${times}배 빨리 학습합니다.`,
    takeCpu: 'CPU에서 학습하기',
    takeCpuHint: '같은 설정으로 CPU에서 이 학습을 처음부터 다시 합니다',
  },
};
