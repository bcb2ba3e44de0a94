import type { Texts } from './en.ts';

export const ko: Texts = {
  title: 'spiralnet – GPU에서 학습하는 신경망',
  views: { train: '학습', learn: '배우기', inside: '내부', benchmark: '벤치마크' },
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
    takeAway: '가져가기',
    atEnd: '학습이 끝났습니다. 되감거나 멈춤 조건을 바꾸세요.',
    atStart: '이미 처음 상태입니다.',
    starting: '곧 학습을 시작합니다.',
    pauseFirst: '한 스텝씩 진행하려면 먼저 멈추세요.',
    rewindFirst: '먼저 되감으세요.',
    answerFirst: '먼저 질문에 답하세요.',
    noPoints: '아직 배울 점이 없습니다.',
    figures: {
      step: '스텝',
      loss: '손실',
      accuracy: '정확도',
      testLoss: '시험 손실',
      testAccuracy: '시험 정확도',
      r2: 'r²',
      testR2: '시험 r²',
      speed: '스텝/초',
    },
    under: (step, loss, score) => `${step}스텝: 손실 ${loss}, ${score}.`,
    standing: (loss, score) => `손실 ${loss}, ${score}.`,
    left: (seconds) => `약 ${seconds}초 남음`,
    minutesLeft: (minutes) => `약 ${minutes}분 남음`,
    cancel: '취소',
    openFirst: '먼저 “되감기”로 신경망을 여세요.',
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
  noRows: '데이터가 아직 없습니다. 파일을 고르세요.',
  noPoints: '아직 점이 없습니다. “학습” 화면에서 추가하세요.',
  stopped: {
    step: '마지막 스텝',
    loss: '손실이 충분히 낮아짐',
    accuracy: '정확도가 충분히 높아짐',
    patience: '손실이 더 나아지지 않음',
  },
  regions: {
    title: '결정 영역',
    unitTitle: (unit) => `${unit}의 출력`,
    description: (train, test) =>
      `학습 점 ${train}개${test ? `와 시험 점 ${test}개` : ''}가 모델이 클래스마다 나눈 영역 위에 있습니다.`,
    valuesTitle: '예측한 값',
    valuesDescription: (train, test) =>
      `학습 점 ${train}개${test ? `와 시험 점 ${test}개` : ''}를 실제 값의 색으로, 그 뒤에 모델이 예측한 값을 낮으면 주황, 높으면 파랑으로 나타냈습니다.`,
    scale: (from, to) => `${from} 이하의 주황에서 흰색을 거쳐 ${to} 이상의 파랑까지`,
    range: (x, y) => `x ${x}, y ${y}`,
    coarse: (nodes) => `신경망이 커서 ${nodes} × ${nodes}곳에서만 계산했습니다`,
    values: (from, to) => `흰색은 0이고, 값은 ${from}에서 ${to}까지입니다`,
    nothing: '죽은 유닛: 그림 어디서나 0입니다',
    reach: (from, to) => `${from} ~ ${to}`,
    className: (label) => `클래스 ${label}`,
    test: '속이 빈 것은 시험 점',
    confidence: '확신에 따라 진하게',
  },
};
