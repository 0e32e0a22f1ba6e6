//! Which device a run gets, and whether its arithmetic can be trusted.

use burn::tensor::{Device, Tensor};

use super::fused::{self, Heads};
use crate::lab::protocol::{Device as Kind, DeviceReason, DeviceReport};
use crate::lab::spec::{Activation, DeviceChoice};

/// A GPU that was opened.
#[derive(Clone)]
pub struct Adapter {
    /// Burn's device on it.
    pub device: Device,
    /// Its own name.
    pub name: String,
    /// Computed in software.
    pub software: bool,
}

/// Opens the GPU of wherever the engine runs. The browser's is in the worker.
pub trait OpenGpu {
    /// The GPU, or why there is none. A software adapter is refused unless `software_too`,
    /// before anything is started on it.
    fn open(&mut self, software_too: bool) -> impl Future<Output = Result<Adapter, DeviceReason>>;
}

/// Where there is no GPU to open.
pub struct NoGpu;

impl OpenGpu for NoGpu {
    async fn open(&mut self, _: bool) -> Result<Adapter, DeviceReason> {
        Err(DeviceReason::NoWebGpu)
    }
}

/// The devices of one engine. A GPU is opened once; Burn cannot open it again.
pub struct Devices<G> {
    cpu: Device,
    gpu: G,
    opened: Option<Result<Adapter, DeviceReason>>,
}

impl<G: OpenGpu> Devices<G> {
    /// The CPU, and a GPU for later.
    pub fn new(gpu: G) -> Self {
        Self { cpu: Device::flex(), gpu, opened: None }
    }

    /// The CPU.
    pub fn cpu(&self) -> &Device {
        &self.cpu
    }

    /// Whether choosing for this wish will take a moment.
    pub fn must_open(&self, choice: DeviceChoice) -> bool {
        choice != DeviceChoice::Cpu && self.opened.is_none()
    }

    /// The device for a wish, and what to say of it.
    pub async fn choose(&mut self, choice: DeviceChoice) -> (Device, DeviceReport) {
        let reason = match choice {
            DeviceChoice::Cpu => DeviceReason::Asked,
            DeviceChoice::Auto | DeviceChoice::WebGpu => match self.open(choice == DeviceChoice::WebGpu).await {
                Ok(adapter) => return (adapter.device.clone(), on_gpu(&adapter)),
                Err(reason) => reason,
            },
        };
        (self.cpu.clone(), on_cpu(reason))
    }

    async fn open(&mut self, software_too: bool) -> Result<Adapter, DeviceReason> {
        // A refusal for being software only is not final: nothing was started.
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
            Some(Ok(adapter)) if adapter.software && !software_too => Err(DeviceReason::SoftwareOnly),
            Some(opened) => opened,
            None => Err(DeviceReason::NoDevice),
        }
    }
}

/// What to say of the CPU.
pub(super) fn on_cpu(reason: DeviceReason) -> DeviceReport {
    let adapter = "Burn flex, SIMD".to_owned();
    DeviceReport { device: Kind::Cpu, adapter, software: false, reason: Some(reason) }
}

fn on_gpu(adapter: &Adapter) -> DeviceReport {
    let reason = adapter.software.then_some(DeviceReason::SoftwareOnly);
    DeviceReport { device: Kind::WebGpu, adapter: adapter.name.clone(), software: adapter.software, reason }
}

/// A small layer of each kind and a reduction on both devices, compared.
///
/// Browsers only log a shader that does not compile, and then compute zeros: numbers must be seen.
async fn agrees(gpu: &Device, cpu: &Device) -> bool {
    let (Some(there), Some(here)) = (probe(gpu).await, probe(cpu).await) else { return false };
    there.len() == here.len() && there.iter().zip(&here).all(|(a, b)| (a - b).abs() <= 1e-4 * (1.0 + b.abs()))
}

async fn probe(device: &Device) -> Option<Vec<f32>> {
    const WIDTH: usize = 24;
    let ramp: Vec<f32> = (0..WIDTH * WIDTH).map(|i| ((i * 37 % 101) as f32 - 50.0) / 200.0).collect();
    let a = Tensor::<1>::from_data(ramp.as_slice(), device).reshape([1, WIDTH, WIDTH]);
    let first_row = a.clone().narrow(1, 0, 1);
    let [_, y, slope] = fused::dense(a.clone(), a.clone(), Some(first_row.clone()), Activation::Gelu);
    let [normed, ..] = fused::normalize(y * slope, first_row.clone(), Some(first_row));
    let heads = Heads { count: 2, time: WIDTH / 3, factor: 0.5 };
    let (read, _) = fused::attend(normed, heads); // [1, 24, 8]
    let (_, gradient) = fused::cross_entropy(read.clone(), read.clone());
    let values = (gradient * read).sum_dim(2).reshape([WIDTH]);
    values.into_data_async().await.ok()?.try_into_vec::<f32>().ok()
}
