import type { Precision } from '../../../index.ts';
import type { Way } from '../../run/benchmark/results.ts';
import type { BenchmarkTexts } from './en.ts';

/** The ways of the CPU. */
const CPU = { cpu: 'CPU 스레드 1개', threads: 'CPU 모든 스레드', plain: 'CPU 단순 반복문' };
const cpuOf = (way: Way) => (way in CPU ? CPU[way as keyof typeof CPU] : undefined);

const nameOf = (way: Way) => cpuOf(way) ?? `GPU ${way}`;

const inWords = (way: Way, precision: Precision) =>
  `${nameOf(way)}(${precision === 'single' ? '단정밀도' : '배정밀도'})`;

/** Where a step is computed, at the beginning of a clause. */
const placeOf = (way: Way) => `${cpuOf(way) ?? `GPU의 실행 계획 ${way}`} 방식으로`;

const gpuOf = (software: string | undefined) =>
  software ? `${software}(GPU가 아닌 소프트웨어 어댑터)` : 'GPU';

export const ko: BenchmarkTexts = {
  title: '벤치마크',
  model: '모델',
  models: {
    linear: {
      name: '선형',
      kind: '분류기',
      hint: '곧은 경계',
      what: '선형 소프트맥스 분류기',
    },
    network: {
      name: '2층',
      kind: '신경망',
      hint: '휘는 경계, 은닉 유닛 100개',
      what: 'ReLU 은닉층이 하나인 신경망',
    },
    own: {
      name: '크기 고르기',
      kind: '',
      hint: 'ReLU 은닉층 하나와 클래스 3개, 크기는 직접 고릅니다',
      what: '크기를 고른 신경망',
    },
    train: {
      name: '“학습”의 신경망',
      kind: '',
      hint: '“학습” 화면에 지금 있는 신경망과 그 데이터',
      what: '“학습” 화면의 신경망',
    },
  },
  own: {
    title: '크기',
    hidden: { label: '은닉 유닛', hint: '한 층에 1 ~ 1,024개' },
    points: { label: '점', hint: '10 ~ 5,000개, 스텝마다 모두' },
    features: { label: '특징', hint: '점마다 수 1 ~ 784개' },
  },
  train: {
    title: '지금의 신경망',
    change: '“학습”에서 바꾸기',
    quick: '거기서 “둘 다 재기”는 GPU와 CPU를 몇 초 만에 견줍니다.',
    nothing: '“학습”에 아직 점이 없어서 잴 것이 없습니다.',
  },
  pace: '방식',
  paces: {
    thorough: { name: '꼼꼼히', hint: '열 번씩, 크기 여덟 가지' },
    quick: { name: '빠르게', hint: '일곱 번씩, 크기 세 가지, 먼저 훑어볼 때' },
  },
  measure: '재기',
  expected: (time) => `약 ${time} 걸립니다`,
  cancel: '그만두기',
  idle: '아직 잰 것이 없습니다.',
  running: '재고 있습니다.',
  finished: (seconds) => `${seconds}초 동안 쟀습니다.`,
  cancelled: '그만두었습니다.',
  endedBy: {
    training: '학습을 이어 가서 그만두었습니다.',
    inside: '“내부” 화면에서 스텝을 읽느라 그만두었습니다.',
    timing: 'GPU와 CPU를 재느라 그만두었습니다.',
  },
  failed: '중단되었습니다.',
  stopped: '이 페이지가 알지 못하는 까닭으로 벤치마크가 멈췄습니다.',
  kept: '그때까지 잰 것은 남아 있습니다. 다시 재어 보고, 그래도 안 되면 페이지를 새로 고치세요.',
  work: {
    start: '시작',
    prepare: (way, precision) => `${inWords(way, precision)} 예열`,
    repetition: (way, precision, repetition, of) => `${inWords(way, precision)}, ${of}회 중 ${repetition}회`,
    sizes: (hidden) => `은닉 유닛이 ${hidden}개인 신경망`,
    peak: '어댑터가 낼 수 있는 최대 속도',
    kernels: (way, precision) => `${inWords(way, precision)}의 커널`,
  },
  left: (what, time) => `${what}, 약 ${time} 남음`,
  seconds: (count) => `${count}초`,
  minutes: (count) => `${count}분`,
  introduction: {
    what: '이 컴퓨터에서 이 페이지가 할 수 있는 모든 방법으로 신경망을 학습합니다. GPU에서는 실행 계획마다, CPU에서는 스레드 1개, 모든 스레드, 단순 반복문으로 합니다. 맨 먼저 어느 쪽이 얼마나 빠른지 한 문장으로 보이고, 그 아래에 단계마다 걸린 시간과 손실, 그리고 너비가 다른 신경망의 시간을 보입니다. GPU는 큰 신경망에 강하기 때문입니다.',
    advice:
      '미리 적어 둔 수치는 없습니다. 모두 지금 여기서 잽니다. 컴퓨터를 바쁘게 하는 다른 프로그램은 닫고 이 페이지를 보이는 채로 두세요. 브라우저는 보이지 않는 페이지를 느리게 합니다.',
  },
  headline: {
    faster: (side, times, range, software) => {
      const [first, second] = side === 'gpu' ? [gpuOf(software), 'CPU'] : ['CPU', gpuOf(software)];
      return `${first} 쪽이 ${second} 쪽보다 이 신경망을 ${times}배(${range}배) 빠르게 학습합니다.`;
    },
    tie: (software) =>
      `이 신경망에서는 CPU와 ${gpuOf(software)} 가운데 어느 쪽도 더 빠르다고 할 수 없습니다.`,
    steps: (first, second) =>
      `한 스텝이 ${placeOf(first.way)} ${first.time}, ${placeOf(second.way)} ${second.time} 걸립니다. 괄호 안은 사분위수입니다.`,
    overlap: (first, second) =>
      `한 스텝이 ${placeOf(first.way)} ${first.time}, ${placeOf(second.way)} ${second.time} 걸리고, 괄호 안의 사분위수 범위가 겹칩니다.`,
    only: (side, software) =>
      side === 'cpu'
        ? 'CPU만 쟀습니다.'
        : `${gpuOf(software)}만 쟀습니다. CPU를 재지 못한 까닭은 표에 있습니다.`,
    step: (time, way) => `한 스텝이 ${placeOf(way)} ${time} 걸립니다.`,
    plain: (times) => `단순 반복문은 CPU의 가장 빠른 방법보다 ${times}배 오래 걸립니다.`,
    losses: {
      agree: (count) => `잰 방법 ${count}가지가 모두 정밀도 안에서 같은 손실에 이릅니다.`,
      differ: (names) => `손실이 달라야 할 까닭 없이 다른 방법: ${names}.`,
    },
    precision: '모두 단정밀도이며, 배정밀도는 표에 있습니다.',
    waiting: '아직 되풀이한 횟수가 모자라 결과를 말할 수 없습니다.',
  },
  machine: {
    network: '신경망',
    networkIs: (sizes, rows, batch) =>
      `${sizes}, 행 ${rows}개${batch ? `, 스텝마다 그 가운데 ${batch}개` : ', 스텝마다 모두'}`,
    of: (all) => ` (“학습”의 행 ${all}개에서 고르게 골랐습니다)`,
    adapter: '어댑터',
    webgpu: (name) => `${name}, WebGPU`,
    none: (reason) => `없음. ${reason} CPU만 잽니다.`,
    software:
      '. GPU가 아니라 CPU에서 도는 소프트웨어 어댑터입니다. 아래에서 GPU라고 하는 것은 모두 이 어댑터를 가리킵니다.',
    browser: '브라우저',
    browserIs: ({ name, version, system }) =>
      name ? `${name} ${version}${system ? ` (${system})` : ''}` : '이름을 밝히지 않는 브라우저',
    cpu: 'CPU',
    threads: (threads) => `스레드 ${threads}개`,
    oneCore: '스레드 1개. 브라우저가 코어가 하나뿐이라고 합니다.',
    notIsolated: (threads) =>
      `스레드 ${threads}개 가운데 1개. 이 페이지가 다른 사이트와 격리되어 있지 않아서, 브라우저가 스레드끼리 메모리를 함께 쓰지 못하게 합니다. 한 번 새로 고치세요. 브라우저가 허용하면 두 번째 방문부터 페이지가 스스로 격리됩니다.`,
    results: '결과',
  },
  copy: {
    button: (format) => `${format} 형식으로 복사`,
    copied: (format) => `${format} 형식으로 복사했습니다.`,
    refused: '브라우저가 허용하지 않았습니다.',
  },
  entrant: (way, precision) =>
    `${nameOf(way)}, ${precision === 'single' ? 'float32' : cpuOf(way) ? 'float64' : 'double-single'}`,
  stageNames: {
    compile: '컴파일',
    upload: '올리기',
    firstStep: '첫 스텝',
    step: '한 스텝',
    readback: '읽어 오기',
  },
  range: (from, to) => `${from} ~ ${to}`,
  under: (time) => `${time} 미만`,
  whyNot: {
    same: {
      threads: '스레드 1개와 같습니다. 한 스텝의 연산이 모두 작아서 스레드가 나누어 할 것이 없습니다.',
      plain: 'WebAssembly가 허용되지 않아서 “CPU 스레드 1개”가 이미 단순 반복문입니다.',
    },
    threads: (detail) => `스레드가 1개입니다: ${detail}`,
    slow: (seconds) => `한 스텝이 ${seconds}초보다 오래 걸려서 뺐습니다.`,
    diverged: (step) => `스텝 ${step}에서 학습이 발산해서 잴 것이 없습니다. “학습”에서 학습률을 낮추세요.`,
    memory: '메모리가 모자랍니다.',
    unknown: '이 장치에서는 실행되지 않습니다.',
  },
  stages: {
    title: '준비부터 학습한 스텝까지',
    what: '차례를 바꾸어 가며 되풀이해 잰 값의 중앙값과 두 사분위수입니다. 되풀이한 값의 절반이 두 사분위수 사이에 있습니다. “CPU”는 SIMD를 쓰는 WebAssembly이고, “단순 반복문”은 그것 없이 하는 같은 계산입니다. “컴파일”은 새 장치에서 모든 커널을 한꺼번에 컴파일하며 학습기를 만드는 시간으로, 브라우저가 전에 컴파일한 것을 기억할 수 있습니다. “올리기”는 이미 컴파일한 장치에서 학습기를 만드는 시간입니다. “한 스텝”은 적어도 50 ms 동안 이어지는 스텝의 평균이고, “횟수”는 이것을 셉니다. 빠른 방식에서는 다른 단계를 세 번씩 잽니다.',
    caption: '단계마다 걸린 시간',
    entrant: '방법, 연산',
    repeated: '횟수',
    differs: '손실의 차이',
    agreement: (loss, steps, way) =>
      `“${nameOf(way)}” 방법으로 float64에서 계산한 손실은 같은 가중치에서 ${steps}스텝 뒤 ${loss}입니다. 마지막 열은 다른 방법의 손실이 이 값과 얼마나 다른지 보입니다. 빠르지만 틀린 것을 가려내기 위해서입니다.`,
    peak: (rate) =>
      `GFLOP/s는 스텝에 필요한 행렬곱의 곱셈과 덧셈만 셉니다. 실행 계획이 거듭 계산하는 것은 넣지 않습니다. 어댑터의 최대 속도는 여기서 레지스터의 수로 재어 ${rate} GFLOP/s이며, 비율은 이 값에 견준 것입니다.`,
    share: (share) => `최대의 ${share}`,
    wrong: '틀림',
    tiling: (t) =>
      t.workgroup
        ? `스레드 ${t.workgroup}개`
        : `워크그룹당 행 ${t.rows}개 × ${t.forwardWorkgroup}, 유닛 ${t.units}개 × ${t.backwardWorkgroup}`,
  },
  crossover: {
    title: 'GPU가 더 빨라지는 크기',
    outcome: {
      gpu: (at) => `${at} GPU가 더 빠릅니다`,
      cpu: (at) => `${at} CPU가 더 빠릅니다`,
      tie: (at) => `${at} 어느 쪽도 더 빠르다고 할 수 없습니다`,
    },
    at: (hidden) => `은닉 유닛 ${hidden}개에서`,
    fromTo: (first, last) => `은닉 유닛 ${first}개에서 ${last}개까지`,
    measured: (claims) => `이 컴퓨터에서 잰 결과: ${claims.join('. ')}.`,
    border: (below, above, overtakes) =>
      `${below}개와 ${above}개 사이에서는 어느 쪽도 더 빠르다고 할 수 없고, 그 사이 어딘가에서 ${overtakes === 'gpu' ? 'GPU가 CPU를' : 'CPU가 GPU를'} 앞지릅니다.`,
    narrower: '“꼼꼼히” 방식이 범위를 좁힙니다.',
    best: (side, hidden, times, range) =>
      `은닉 유닛 ${hidden}개에서 ${side === 'gpu' ? 'GPU' : 'CPU'} 쪽이 ${times}배 빠릅니다(${range}).`,
    noBorder: '앞서는 쪽이 두 번 이상 바뀌므로, 그런 크기는 없습니다.',
    rule: '한쪽의 가장 빠른 방법의 위 사분위수가 다른 쪽 모든 방법의 아래 사분위수보다 작으면 그쪽이 더 빠른 것으로 봅니다. 사분위수 범위가 겹치면 어느 쪽도 더 빠르다고 하지 않습니다.',
    why: 'GPU에서는 디스패치마다 신경망이 작아도 줄지 않는 시간이 듭니다. 그래서 작은 신경망은 계산보다 기다림이 깁니다. 큰 신경망은 GPU의 레인 수천 개를 바쁘게 하지만, CPU의 레인은 수십 개입니다.',
    software: '여기서 “GPU”는 CPU에서 도는 프로그램입니다.',
    chart:
      '은닉 유닛 수에 따른 한 스텝의 시간을 로그 눈금으로, 사분위수 사이의 막대와 함께 보입니다. 수치는 아래에 있습니다.',
    hidden: '은닉 유닛',
    figures: '수치',
    what: '위의 신경망과 은닉층의 너비만 다른 신경망의 한 스텝을 단정밀도로 잰 중앙값과 사분위수입니다. 위 신경망과 너비가 같은 행은 위 표의 시간입니다. 그 크기를 계산할 수 없거나, 스레드 1개와 같거나, 한 스텝이 1초보다 오래 걸리는 방법에는 수치가 없습니다.',
    caption: '크기마다 한 스텝의 시간',
  },
  kernels: {
    title: '한 스텝의 시간이 쓰이는 곳',
    what: '커널을 하나씩 따로, 적어도 10 ms가 걸릴 때까지 한데 묶어 되풀이해 잽니다. 브라우저가 타임스탬프 쿼리를 100 µs 단위로 반올림하기 때문입니다. 디스패치를 시작하는 데 드는 시간도 들어 있습니다. 스텝 안에서는 커널이 잇달아 실행되므로 더한 값이 스텝의 시간과 같지 않을 수 있습니다.',
    kernel: '커널',
    time: '시간',
    share: '비율',
  },
  report: {
    title: (version, model) => `spiralnet ${version}, ${model}`,
    network: (network) => `신경망: ${network}`,
    cpu: (threads) => `CPU: ${threads}`,
    date: (date) => `날짜: ${date}`,
    adapter: (name, software) => `어댑터: ${name}${software ? ' (소프트웨어, GPU 아님)' : ''}`,
    browser: (browser) => `브라우저: ${browser}`,
    peak: (rate) => `잰 곱셈과 덧셈의 최대 속도: ${rate} GFLOP/s`,
    repetitions: '횟수',
    share: '최대에 견준 비율',
    sizes: '은닉 유닛 수에 따른 한 스텝.',
    kernels: '한데 묶어 되풀이해 잰 커널.',
    plan: '실행 계획',
  },
};
