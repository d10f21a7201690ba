"""Convolutional networks: plain, residual, mobile, efficient, and the U-shaped one."""

import torch
from torch import nn
from torch.nn import functional as F

from sites import with_role


class Cnn(nn.Module):
    """conv, batch norm, ReLU, max pooling, average pooling, flatten, linear."""

    def __init__(self, classes=5):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 6, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.act1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(6, 8, 3)
        self.bn2 = nn.BatchNorm2d(8)
        self.act2 = nn.LeakyReLU(0.1)
        self.pool2 = nn.AvgPool2d(2, stride=2)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(32, 12)
        self.act3 = nn.PReLU(12)
        self.fc2 = nn.Linear(12, classes)

    def forward(self, x):
        x = self.pool1(self.act1(self.bn1(self.conv1(x))))
        x = self.pool2(self.act2(self.bn2(self.conv2(x))))
        return self.fc2(self.act3(self.fc1(self.flatten(x))))


class PreActivation(nn.Module):
    """Norm and ReLU before each convolution, and a norm over features: not all can be folded."""

    def __init__(self, classes=4):
        super().__init__()
        self.stem = nn.Conv2d(2, 6, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(6)
        self.act1 = nn.ReLU()
        self.conv1 = nn.Conv2d(6, 6, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(6)
        self.act2 = nn.ReLU()
        self.pool = nn.AdaptiveMaxPool2d(1)
        self.fc1 = nn.Linear(6, 10)
        self.norm3 = nn.BatchNorm1d(10)
        self.act3 = nn.ELU()
        self.fc2 = nn.Linear(10, classes)

    def forward(self, x):
        x = self.stem(x)
        x = x + self.conv1(self.act1(self.norm1(x)))
        x = self.pool(self.act2(self.norm2(x))).flatten(1)
        return self.fc2(self.act3(self.norm3(self.fc1(x))))


class BasicBlock(nn.Module):
    """Two convolutions and a shortcut, which has its own convolution where the shape changes."""

    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.act1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.act2 = nn.ReLU()
        self.downsample = None
        if stride != 1 or channels_in != channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = self.act1(self.bn1(self.conv1(x)))
        return self.act2(self.bn2(self.conv2(x)) + shortcut)


class ResNet(nn.Module):
    """A stem, two stages of basic blocks, global average pooling and a linear head."""

    def __init__(self, classes=5):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(6)
        self.act = nn.ReLU()
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = nn.Sequential(BasicBlock(6, 6, 1))
        self.layer2 = nn.Sequential(BasicBlock(6, 10, 2))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(10, classes)

    def forward(self, x):
        x = self.pool(self.act(self.bn(self.stem(x))))
        x = self.layer2(self.layer1(x))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class SqueezeExcite(nn.Module):
    """Channel weights from the global average: reduce, activate, expand, gate."""

    def __init__(self, channels, reduced, activation, gate):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.reduce = nn.Conv2d(channels, reduced, 1)
        self.act = activation()
        self.expand = nn.Conv2d(reduced, channels, 1)
        self.gate = with_role("gate", gate())

    def forward(self, x):
        return x * self.gate(self.expand(self.act(self.reduce(self.pool(x)))))


class InvertedResidual(nn.Module):
    """Expand, depthwise convolution, optional squeeze-excite, project to a linear bottleneck."""

    def __init__(self, channels_in, expanded, channels, stride, activation, excite=None):
        super().__init__()
        self.expand = nn.Sequential(
            nn.Conv2d(channels_in, expanded, 1, bias=False), nn.BatchNorm2d(expanded), activation()
        )
        self.depthwise = nn.Sequential(
            nn.Conv2d(expanded, expanded, 3, stride, 1, groups=expanded, bias=False),
            nn.BatchNorm2d(expanded),
            activation(),
        )
        self.excite = excite(expanded) if excite else nn.Identity()
        self.project = nn.Sequential(
            nn.Conv2d(expanded, channels, 1, bias=False), nn.BatchNorm2d(channels)
        )
        self.residual = stride == 1 and channels_in == channels

    def forward(self, x):
        y = self.project(self.excite(self.depthwise(self.expand(x))))
        return x + y if self.residual else y


class MobileNet(nn.Module):
    """Version 2's ReLU6 blocks followed by version 3's hard-swish block with squeeze-excite."""

    def __init__(self, classes=5):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6()
        )
        self.blocks = nn.Sequential(
            InvertedResidual(6, 12, 6, 1, nn.ReLU6),
            InvertedResidual(
                6, 12, 8, 2, nn.Hardswish, lambda c: SqueezeExcite(c, 4, nn.ReLU, nn.Hardsigmoid)
            ),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(nn.Linear(8, 16), nn.Hardswish(), nn.Dropout(0.2))
        self.fc = nn.Linear(16, classes)

    def forward(self, x):
        x = self.pool(self.blocks(self.stem(x)))
        return self.fc(self.head(torch.flatten(x, 1)))


class EfficientNet(nn.Module):
    """SiLU everywhere, squeeze-excite with a sigmoid gate."""

    def __init__(self, classes=5):
        super().__init__()

        def excite(channels):
            return SqueezeExcite(channels, 3, nn.SiLU, nn.Sigmoid)

        self.stem = nn.Sequential(
            nn.Conv2d(3, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6), nn.SiLU()
        )
        self.blocks = nn.Sequential(
            InvertedResidual(6, 12, 6, 1, nn.SiLU, excite),
            InvertedResidual(6, 12, 8, 2, nn.SiLU, excite),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, classes)

    def forward(self, x):
        x = self.pool(self.blocks(self.stem(x)))
        return self.fc(torch.flatten(x, 1))


class DoubleConv(nn.Module):
    """Two convolutions with group or batch norm and ReLU."""

    def __init__(self, channels_in, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(channels)
        self.act1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(2, channels)
        self.act2 = nn.ReLU()

    def forward(self, x):
        x = self.act1(self.norm1(self.conv1(x)))
        return self.act2(self.norm2(self.conv2(x)))


class UNet(nn.Module):
    """Two levels down; up again by transposed convolution and by the given interpolation."""

    def __init__(self, classes=3, mode="nearest"):
        super().__init__()
        self.mode = mode
        self.down1 = DoubleConv(1, 4)
        self.down2 = DoubleConv(4, 6)
        self.bottom = DoubleConv(6, 6)
        self.pool = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.merge2 = DoubleConv(10, 6)
        self.merge1 = DoubleConv(10, 4)
        self.head = nn.Conv2d(4, classes, 1)

    def forward(self, x):
        level1 = self.down1(x)
        level2 = self.down2(self.pool(level1))
        x = self.up2(self.bottom(self.pool(level2)))
        x = self.merge2(torch.cat([level2, x], dim=1))
        corners = False if self.mode == "bilinear" else None
        x = F.interpolate(x, scale_factor=2, mode=self.mode, align_corners=corners)
        x = self.merge1(torch.cat([level1, x], dim=1))
        return self.head(x)
