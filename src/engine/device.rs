//! Which device a run gets, and whether its arithmetic can be trusted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use burn::tensor::{Device, Tensor};

use super::fused::{self, Heads};
use super::part::JOINED;
use super::tap::{Recorded, Tap, Taps};
use crate::lab::protocol::{Device as Kind, DeviceReason, DeviceReport};
use crate::lab::spec::{Activation, DeviceChoice};

/// A GPU that was opened.
#[derive(Clone)]
pub struct GpuAdapter {
    /// Burn's device on it.
    pub device: Device,
    /// The name that it has for itself.
    pub name: String,
    /// Whether it is computed in software.
    pub software: bool,
    /// The bytes of its largest buffer.
    pub most: u64,
    /// Whether it is needed, and whether it is lost.
    pub fate: Fate,
}

/// Whether a GPU is needed, and whether it is still there: known to the engine and to whoever opened it.
///
/// The loss of a GPU that nothing runs on is nobody's loss: it is not chosen again, that is all.
#[derive(Clone, Debug, Default)]
pub struct Fate(Arc<(AtomicBool, OnceLock<String>)>);

impl Fate {
    /// Says whether something runs on it.
    pub fn need(&self, needed: bool) {
        self.0.0.store(needed, Ordering::Relaxed);
    }

    /// Whether something runs on it.
    pub fn is_needed(&self) -> bool {
        self.0.0.load(Ordering::Relaxed)
    }

    /// Says that it is lost, for this reason. Returns whether a run is lost with it.
    pub fn lose(&self, reason: String) -> bool {
        // It can be lost only once.
        let first = self.0.1.set(reason).is_ok();
        first && self.is_needed()
    }

    /// Whether it is lost.
    fn is_lost(&self) -> bool {
        self.0.1.get().is_some()
    }
}

/// Opens the GPU of wherever the engine runs; for the browser the worker does so.
pub trait OpenGpu {
    /// Opens the GPU, or says why there is none. A software adapter is refused unless `software_too`,
    /// before anything is started on it.
    fn open(&mut self, software_too: bool) -> impl Future<Output = Result<GpuAdapter, DeviceReason>>;
}

/// For where there is no GPU to open.
pub struct NoGpu;

impl OpenGpu for NoGpu {
    async fn open(&mut self, _: bool) -> Result<GpuAdapter, DeviceReason> {
        Err(DeviceReason::NoWebGpu)
    }
}

/// The devices of one engine. A GPU is opened once; Burn cannot open it again.
pub struct Devices<G> {
    cpu: Device,
    gpu: G,
    opened: Option<Result<GpuAdapter, DeviceReason>>,
}

impl<G: OpenGpu> Devices<G> {
    /// The CPU, and a GPU to be opened later.
    pub fn new(gpu: G) -> Self {
        Self { cpu: Device::flex(), gpu, opened: None }
    }

    /// The CPU.
    pub fn cpu(&self) -> &Device {
        &self.cpu
    }

    /// Whether choosing for this wish will take a moment.
    pub(crate) fn must_open(&self, choice: DeviceChoice) -> bool {
        choice != DeviceChoice::Cpu && self.opened.is_none()
    }

    /// Chooses the device for a wish and a largest tensor of so many numbers, and says what to report of it. A GPU
    /// that is chosen is needed.
    pub(crate) async fn choose(&mut self, choice: DeviceChoice, largest: usize) -> (Device, DeviceReport) {
        let reason = match choice {
            DeviceChoice::Cpu => DeviceReason::Asked,
            DeviceChoice::Auto | DeviceChoice::WebGpu => match self.open(choice == DeviceChoice::WebGpu).await {
                Ok(adapter) if adapter.most < (largest * size_of::<f32>()) as u64 => DeviceReason::TooLarge,
                Ok(adapter) => {
                    adapter.fate.need(true);
                    return (adapter.device.clone(), on_gpu(&adapter));
                }
                Err(reason) => reason,
            },
        };
        (self.cpu.clone(), on_cpu(reason))
    }

    /// Says that nothing runs on the GPU any more.
    pub(crate) fn release(&self) {
        if let Some(Ok(adapter)) = &self.opened {
            adapter.fate.need(false);
        }
    }

    /// Whether something runs on the GPU.
    pub(crate) fn in_need(&self) -> bool {
        matches!(&self.opened, Some(Ok(adapter)) if adapter.fate.is_needed())
    }

    async fn open(&mut self, software_too: bool) -> Result<GpuAdapter, DeviceReason> {
        // A GPU that was refused because it is software only may be opened later: nothing was started.
        if matches!(self.opened, None | Some(Err(DeviceReason::SoftwareOnly))) {
            let mut opened = self.gpu.open(software_too).await;
            if let Ok(adapter) = &opened
                && !agrees(&adapter.device, &self.cpu).await
            {
                opened = Err(DeviceReason::WrongNumbers);
            }
            self.opened = Some(opened);
        }
        match self.opened.clone() {
            Some(Ok(adapter)) if adapter.fate.is_lost() => Err(DeviceReason::Died),
            Some(Ok(adapter)) if adapter.software && !software_too => Err(DeviceReason::SoftwareOnly),
            Some(opened) => opened,
            None => Err(DeviceReason::NoDevice),
        }
    }
}

/// What to report of the CPU.
pub(super) fn on_cpu(reason: DeviceReason) -> DeviceReport {
    let adapter = "Burn flex, SIMD".to_owned();
    DeviceReport { device: Kind::Cpu, adapter, software: false, reason: Some(reason) }
}

fn on_gpu(adapter: &GpuAdapter) -> DeviceReport {
    let reason = adapter.software.then_some(DeviceReason::SoftwareOnly);
    DeviceReport { device: Kind::WebGpu, adapter: adapter.name.clone(), software: adapter.software, reason }
}

/// Compares a small layer of each kind and a reduction on both devices.
///
/// Browsers only log a shader that does not compile, and then compute zeros, so the numbers have to be looked at.
async fn agrees(gpu: &Device, cpu: &Device) -> bool {
    let (Some(there), Some(here)) = (probe(gpu).await, probe(cpu).await) else { return false };
    there.len() == here.len() && there.iter().zip(&here).all(|(a, b)| (a - b).abs() <= 1e-4 * (1.0 + b.abs()))
}

async fn probe(device: &Device) -> Option<Vec<f64>> {
    const WIDTH: usize = 24;
    let ramp: Vec<f32> = (0..WIDTH * WIDTH).map(|i| ((i * 37 % 101) as f32 - 50.0) / 200.0).collect();
    let a = Tensor::<1>::from_data(ramp.as_slice(), device).reshape([1, WIDTH, WIDTH]);
    let first_row = a.clone().narrow(1, 0, 1);
    let [_, y, derivative] = fused::dense(a.clone(), a.clone(), Some(first_row.clone()), Activation::Gelu);
    let [normed, ..] = fused::normalize(y * derivative, first_row.clone(), Some(first_row));
    let heads = Heads { count: 2, time: WIDTH / 3, factor: 0.5 };
    let (read, _) = fused::attend(normed, heads); // [1, 24, 8]
    let (_, gradient) = fused::cross_entropy(read.clone(), read.clone());
    let values = (gradient * read).sum_dim(2).reshape([WIDTH]);
    let (recorded, joined) = joined(device);
    let all = [vec![values], joined].concat();
    let numbers = Tensor::cat(all, 0).into_data_async().await.ok()?.try_into_vec::<f32>().ok()?;
    let (values, rest) = numbers.split_at(WIDTH);
    // Devices reduce in different orders, so that what is compared has to be read first.
    let statistics = recorded.read(1, rest).into_iter().flat_map(|(_, networks)| networks);
    let found = statistics.flat_map(|statistics| [statistics.mean(), statistics.mean_square()]);
    Some(values.iter().copied().map(f64::from).chain(found).collect())
}

/// Statistics of tensors that fill the largest join: a buffer that is not there is full of zeros.
fn joined(device: &Device) -> (Recorded, Vec<Tensor<1>>) {
    const COUNT: usize = 4;
    let mut taps = Taps::new(true);
    for index in 0..COUNT {
        let value = 1.0 + index as f32;
        let tap = Tap::Preactivation(index);
        taps.record(tap, || Tensor::<2>::full([1, JOINED / COUNT], value, device));
    }
    taps.finish()
}
