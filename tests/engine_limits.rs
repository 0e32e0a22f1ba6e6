//! What a device can hold: joins go in parts, what fits no buffer goes to the CPU, and a lost GPU is missed
//! only by what ran on it.
#![allow(missing_docs, clippy::single_range_in_vec_init)]

use crate::driven::{frames, spec, start, turn};
use burn::tensor::{Device, Tensor};
use init_lab::engine::demand::largest;
use init_lab::engine::device::{Fate, GpuAdapter, OpenGpu};
use init_lab::engine::host::Host;
use init_lab::engine::optimizer::{UpdateRule, schedule};
use init_lab::engine::part::{JOINED, parts};
use init_lab::engine::tap::{Tap, Taps};
use init_lab::lab::protocol::{Command, Device as Kind, DeviceReason, DeviceReport, Event};

/// Bytes that WebGPU promises a kernel's argument.
const PROMISED: usize = 128 << 20;

#[test]
fn parts_hold_what_fits_and_keep_the_order() {
    assert_eq!(parts([4, 4, 4], 8), [0..2, 2..3]);
    assert_eq!(parts([9, 1, 1], 8), [0..1, 1..3], "what is larger stands alone");
    assert_eq!(parts([1, 9, 1], 8), [0..1, 1..2, 2..3]);
    assert_eq!(parts([8], 8), [0..1]);
    assert!(parts([], 8).is_empty());
    assert_eq!(parts([0, 8, 0], 8), [0..3]);
    let sizes: Vec<usize> = (0..200).map(|i| (i * 7919) % 23).collect();
    let split = parts(sizes.iter().copied(), 50);
    assert_eq!(split.iter().cloned().flatten().collect::<Vec<_>>(), (0..200).collect::<Vec<_>>());
    let sum = |part: &std::ops::Range<usize>| sizes[part.clone()].iter().sum::<usize>();
    assert!(split.iter().all(|part| sum(part) <= 50));
    assert!(split.windows(2).all(|pair| sum(&pair[0]) + sizes[pair[1].start] > 50), "none is shorter than it must be");
    assert!(JOINED * size_of::<f32>() <= PROMISED / 4, "far below what every device has");
}

/// More numbers than a join takes, reduced and clipped as few are.
#[test]
fn what_is_joined_in_parts_has_the_numbers_of_its_tensors() {
    let device = Device::flex();
    const LENGTH: usize = JOINED / 4 - 5;
    let tensor = |index: usize| Tensor::<3>::full([1, 1, LENGTH], 1.0 + index as f32, &device);
    let mut taps = Taps::new(true);
    for index in 0..10 {
        taps.record(Tap::Preactivation(index), || tensor(index));
    }
    let (recorded, numbers) = taps.finish();
    assert!(numbers.len() > 3, "more than one join");
    let numbers: Vec<f32> = numbers.into_iter().flat_map(values).collect();
    for (tap, statistics) in recorded.read(1, &numbers) {
        let Tap::Preactivation(index) = tap else { panic!("{tap:?}") };
        let expected = (1.0 + index as f64).powi(2);
        assert!((statistics[0].mean_square() / expected - 1.0).abs() < 1e-5, "tensor {index}");
    }

    let clip = UpdateRule { clip: 2.5, ..UpdateRule::of(&spec("clip=2.5&device=cpu")) };
    let rates = &schedule(&[clip], 0, 1, &device)[0];
    let clipped = rates.clipped((0..10).map(tensor).collect());
    let square: f64 = clipped.into_iter().flat_map(values).map(|g| f64::from(g).powi(2)).sum();
    assert!((square.sqrt() / 2.5 - 1.0).abs() < 1e-4, "norm {}", square.sqrt());
}

#[test]
fn the_largest_tensor_is_known_before_it_is_made() {
    let of = |link: &str, networks| largest(&spec(link), networks);
    // A matrix; beside its averages, because one buffer takes what an update makes; of many networks.
    assert_eq!(of("width=1024&depth=20&batch=2&opt=sgd", 1), 1024 * 1024);
    assert_eq!(of("width=1024&depth=20&batch=2&opt=momentum", 1), 2 * 1024 * 1024);
    assert_eq!(of("width=1024&depth=20&batch=2&opt=adam", 8), 8 * 3 * 1024 * 1024);
    let gpt = "model=gpt&depth=1&width=64&heads=8&context=256";
    assert_eq!(of(&format!("{gpt}&batch=32"), 1), 32 * 8 * 256 * 256, "attention's squares");
    assert_eq!(of("model=gpt&depth=1&width=256&heads=1&context=64&batch=64", 1), 64 * 64 * 4 * 256, "an MLP's inside");
    assert_eq!(of("width=4&depth=1&batch=512&dropout=0.5", 1), 512 * 4 + 8192 * 64, "dropout's pool");
    for everyday in ["", "model=gpt", "width=1024&depth=100&batch=2&opt=adam", "width=512&depth=100"] {
        assert!(of(everyday, 1) * size_of::<f32>() <= PROMISED, "{everyday} runs on every GPU");
    }
    assert!(of(&format!("{gpt}&batch=512"), 1) * size_of::<f32>() > PROMISED);
}

/// A CPU that calls itself a GPU with so large a buffer.
struct Twin {
    most: u64,
    fate: Fate,
}

impl OpenGpu for Twin {
    async fn open(&mut self, _: bool) -> Result<GpuAdapter, DeviceReason> {
        let (most, fate) = (self.most, self.fate.clone());
        Ok(GpuAdapter { device: Device::flex(), name: "twin".to_owned(), software: false, most, fate })
    }
}

fn send(host: &mut Host<Twin>, command: Command) -> (Option<DeviceReport>, Vec<Event>) {
    let (_, events) = turn(host, [command]);
    let report = events.iter().find_map(|event| if let Event::Device(report) = event { Some(report) } else { None });
    (report.cloned(), events)
}

const SMALL: &str = "depth=2&width=16&batch=8";
const LARGE: &str = "depth=1&width=1024&batch=8&opt=adam";

#[test]
fn what_fits_no_buffer_is_computed_on_the_cpu_and_it_is_said() {
    let most = (2 * 1024 * 1024 * size_of::<f32>()) as u64;
    let mut host = Host::new(Twin { most, fate: Fate::default() });
    let device = |host: &mut Host<Twin>, run, link: &str| {
        send(host, start(run, link)).0.map(|report| (report.device, report.reason))
    };
    for wish in ["device=webgpu", "device=auto"] {
        let report = device(&mut host, 1, &format!("{LARGE}&depth=2&{wish}"));
        assert_eq!(report, Some((Kind::Cpu, Some(DeviceReason::TooLarge))), "{wish}");
        assert_eq!(device(&mut host, 2, &format!("{SMALL}&device=webgpu")), Some((Kind::WebGpu, None)));
    }
}

#[test]
fn a_gpu_that_nothing_runs_on_is_lost_without_a_word() {
    let fate = Fate::default();
    let mut host = Host::new(Twin { most: u64::MAX, fate: fate.clone() });
    send(&mut host, start(1, &format!("{SMALL}&device=webgpu")));
    assert!(fate.is_needed());
    send(&mut host, start(2, &format!("{SMALL}&device=cpu")));
    assert!(!fate.is_needed());
    assert!(!fate.lose("unplugged".to_owned()), "no run is lost");
    let (_, events) = send(&mut host, Command::Step(3));
    assert!(!events.iter().any(|event| matches!(event, Event::Failed(_))));
    let (_, events) = send(&mut host, Command::Step(3));
    assert!(events.iter().all(|event| !matches!(event, Event::Failed(_))), "{events:?}");
    for wish in ["webgpu", "auto"] {
        let (report, events) = send(&mut host, start(3, &format!("{SMALL}&device={wish}")));
        let told = report.map(|report| (report.device, report.reason));
        assert!(told.is_none_or(|told| told == (Kind::Cpu, Some(DeviceReason::Died))), "{told:?}");
        assert_eq!(frames(&events).len(), 1);
    }
}

#[test]
fn a_gpu_that_is_needed_takes_its_run_with_it() {
    let fate = Fate::default();
    let mut host = Host::new(Twin { most: u64::MAX, fate: fate.clone() });
    send(&mut host, start(1, &format!("{SMALL}&device=webgpu")));
    assert!(fate.lose("unplugged".to_owned()), "a run is lost");
    assert!(!fate.lose("again".to_owned()), "and told of once");
}

#[test]
fn a_gpu_that_lost_a_race_is_not_needed() {
    let fate = Fate::default();
    let mut host = Host::new(Twin { most: u64::MAX, fate: fate.clone() });
    for run in 0..2 {
        let (report, _) = send(&mut host, start(run, &format!("{SMALL}&device=auto&seed={run}")));
        let on_gpu = report.map(|report| report.device == Kind::WebGpu);
        assert!(on_gpu.is_none_or(|on_gpu| on_gpu == fate.is_needed()), "{on_gpu:?}");
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().expect("f32")
}
