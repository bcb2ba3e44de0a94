import type { Precision } from '../../../index.ts';
import type { Way } from '../../run/benchmark/results.ts';
import type { BenchmarkTexts } from './en.ts';

const inWords = (way: Way, precision: Precision) =>
  `${way === 'cpu' ? 'CPU' : way}(${precision === 'single' ? '단정밀도' : '배정밀도'})`;

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
  },
  pace: '방식',
  paces: {
    thorough: { name: '꼼꼼히', hint: '열 번씩, 크기 여덟 가지, 1~2분' },
    quick: { name: '빠르게', hint: '세 번씩, 크기 세 가지, 먼저 훑어볼 때' },
  },
  measure: '재기',
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
    stages: (way, precision, repetition, of) => `${inWords(way, precision)}, ${of}회 중 ${repetition}회`,
    sizes: (hidden) => `은닉 유닛 ${hidden}개`,
    peak: '어댑터가 낼 수 있는 최대 속도',
    kernels: (way, precision) => `${inWords(way, precision)}의 커널`,
  },
  left: (what, time) => `${what}, 약 ${time} 남음`,
  seconds: (count) => `${count}초`,
  minutes: (count) => `${count}분`,
  introduction: {
    what: '사례 연구를 이 컴퓨터에서 GPU의 모든 실행 계획과 CPU로 학습하고, 컴파일, 올리기, 첫 스텝, 그 뒤의 스텝, 읽어 오기의 시간을 단계마다 따로 잽니다. 그다음 GPU가 이길 때까지, 또는 이기지 못하는 것이 분명해질 때까지 은닉층을 넓힙니다.',
    advice:
      '미리 적어 둔 수치는 없습니다. 모두 지금 여기서 잽니다. 컴퓨터를 바쁘게 하는 다른 프로그램은 닫고 이 페이지를 보이는 채로 두세요. 브라우저는 보이지 않는 페이지를 느리게 합니다.',
  },
  machine: {
    adapter: '어댑터',
    webgpu: (name) => `${name}, WebGPU`,
    none: (reason) => `없음. ${reason} CPU만 잽니다.`,
    software:
      '. GPU가 아니라 CPU에서 도는 소프트웨어 어댑터입니다. 아래에서 GPU라고 하는 것은 모두 이 어댑터를 가리킵니다.',
    browser: '브라우저',
    browserIs: ({ name, version, system }) =>
      name ? `${name} ${version}${system ? ` (${system})` : ''}` : '이름을 밝히지 않는 브라우저',
    threads: (browser, threads) => `${browser}, 스레드 ${threads}개`,
    results: '결과',
  },
  copy: {
    button: (format) => `${format} 형식으로 복사`,
    copied: (format) => `${format} 형식으로 복사했습니다.`,
    refused: '브라우저가 허용하지 않았습니다.',
  },
  entrant: (way, precision) => {
    if (way === 'cpu') return `CPU, ${precision === 'single' ? 'float32' : 'float64'}`;
    return `${way}, ${precision === 'single' ? 'float32' : 'double-single'}`;
  },
  stageNames: {
    compile: '컴파일',
    upload: '올리기',
    firstStep: '첫 스텝',
    step: '한 스텝',
    readback: '읽어 오기',
  },
  range: (from, to) => `${from} ~ ${to}`,
  under: (time) => `${time} 미만`,
  whyNot: '이 장치에서는 실행되지 않습니다.',
  stages: {
    title: '준비부터 학습한 스텝까지',
    what: '차례를 바꾸어 가며 되풀이해 잰 값의 중앙값과 두 사분위수입니다. “컴파일”은 새 장치에서 모든 커널을 한꺼번에 컴파일하며 학습기를 만드는 시간으로, 브라우저가 전에 컴파일한 것을 기억할 수 있습니다. “올리기”는 이미 컴파일한 장치에서 학습기를 만드는 시간입니다. “한 스텝”은 적어도 50 ms 동안 이어지는 스텝의 평균입니다.',
    caption: '단계마다 걸린 시간',
    entrant: '실행 계획, 연산',
    repeated: '횟수',
    differs: '손실의 차이',
    agreement: (loss, steps) =>
      `CPU에서 float64로 계산한 손실은 같은 가중치에서 ${steps}스텝 뒤 ${loss}입니다. 마지막 열은 다른 방법의 손실이 이 값과 얼마나 다른지 보입니다. 빠르지만 틀린 것을 가려내기 위해서입니다.`,
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
    title: 'GPU가 이기기 시작하는 크기',
    never: (first, last) =>
      `이 컴퓨터에서는 은닉 유닛 ${first}개에서 ${last}개까지 GPU가 한 번도 이기지 못합니다.`,
    between: (last, times, best) =>
      `이 컴퓨터에서는 잰 것 가운데 가장 큰 은닉 유닛 ${last}개에서 CPU가 앞섭니다. GPU는 그 사이에서만 이기며, 은닉 유닛 ${best}개에서 ${times}배 빠릅니다.`,
    always: (first, times, best) =>
      `이 컴퓨터에서는 은닉 유닛 ${first}개부터 모든 크기에서 GPU가 이기며, ${best}개에서 ${times}배 빠릅니다.`,
    from: (from, times, best) =>
      `이 컴퓨터에서는 은닉 유닛 ${from}개부터 GPU가 이기며, ${best}개에서 ${times}배 빠릅니다.`,
    software: '여기서 “GPU”는 CPU에서 도는 프로그램입니다.',
    chart: '은닉 유닛 수에 따른 한 스텝의 시간을 로그 눈금으로 보입니다. 수치는 아래에 있습니다.',
    hidden: '은닉 유닛',
    figures: '수치',
    what: '행 300개, 특징 2개, 클래스 3개인 신경망의 한 스텝을 GPU에서는 단정밀도로 잰 중앙값과 사분위수입니다. 실행 계획이 계산할 수 없는 크기에는 수치가 없습니다.',
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
